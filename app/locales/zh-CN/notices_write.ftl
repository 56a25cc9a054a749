# 写公告：模板、按类别要填的、图片和文件、版本、审核、预览

# 选一个模板
notice-choose-title = 写一条什么公告？
notice-choose-lead = 选好类别，要写的话已经替您起了头，把〔填…〕的地方换成实际内容就行。
notice-about-outage = 停水、停电、停气、电梯停用：从几点到几点、哪几栋、为什么、去哪儿接水
notice-about-activity = 义诊、讲座、邻里聚会：什么时候、在哪儿、带什么
notice-about-policy = 新规定、补贴、医保社保：跟谁有关、从哪天起、怎么算
notice-about-service = 怎么办一件事：在哪儿办、几点开门、带什么
notice-about-disclosure = 名单、账目、工程公示：公示到哪天、有意见找谁
notice-about-emergency = 暴雨、火情、燃气泄漏：马上要做什么，什么时候结束

# 按类别要填的
notice-when = 时间
notice-when-deadline = 提意见截止
notice-when-disclosure = 公示时间
notice-where-objections = 有意见找谁
notice-field-times = 什么时候
notice-field-starts-hint-outage = 停用从几点到几点，两个时间都要填
notice-field-starts-hint-disclosure = 结束就是提意见的最后时间
notice-field-place-objections = 有意见找谁（办公室、电话）
notice-field-place-en = 地点或找谁（英文）
notice-missing-blank = 还有〔填…〕没换成实际内容
notice-missing-outage = 停水停电要写明从几点到几点
notice-missing-activity-time = 活动要写明什么时候开始
notice-missing-activity-place = 活动要写明在哪儿
notice-missing-deadline = 公示要写明哪天截止提意见
notice-missing-objections = 公示要写明有意见找谁
notice-missing-late = 提意见的截止时间已经过了

# 模板：停水停电
template-outage-title = 〔填 几月几日〕〔填 哪几栋〕停〔填 水或电〕
template-outage-body =
    因〔填 原因，比如水箱清洗〕，〔填 哪几栋、哪个单元〕将停〔填 水或电〕，其他楼栋不受影响。提前完工会提前恢复。

    请提前做好三件事：

    1. 头一天晚上接好饮用和冲洗的水（停电请给手机充好电，少坐电梯）；
    2. 出门前看看水龙头、电器是不是关好了；
    3. 恢复后先放一两分钟水，等水清了再用。

    家里有卧床老人、新生儿或用着制氧机的邻居，请提前打社区电话，我们上门帮忙。
template-outage-facts =
    范围 | 〔填 哪几栋、哪个单元，约几户〕
    原因 | 〔填 原因〕
    临时取水点 | 〔填 在哪儿，几点到几点；停电就删去这一行〕
    施工单位 | 〔填 单位〕
    社区电话 | { $phone }

# 模板：活动
template-activity-title = 〔填 周几几号〕〔填 活动名称〕
template-activity-body =
    〔填 一句话说清是什么活动〕，欢迎邻居们来。

    - 来做什么：〔填 内容，比如量血压、测血糖、看牙〕
    - 适合谁：〔填 比如 60 岁以上，其他邻居也可以来〕
    - 带什么：〔填 比如医保卡；不用带东西就写“人来就行”〕

    遇到下雨，〔填 改到哪儿或哪天〕，会在这里发更正。
template-activity-facts =
    谁来办 | { $name }、〔填 一起办的单位〕
    费用 | 免费
    咨询电话 | { $phone }

# 模板：政策
template-policy-title = 〔填 什么政策〕有变化：〔填 一句话说清〕
template-policy-body =
    〔填 几月几日〕起，〔填 一句话说清变了什么〕。

    ## 跟谁有关

    〔填 哪些人〕

    ## 变了什么

    - 原来：〔填 原来怎样〕
    - 现在：〔填 现在怎样〕

    ## 要做什么

    〔填 要不要去办、带什么、几号前；什么都不用做就写“不用办，自动生效”〕

    有不清楚的，可以到社区便民服务大厅问，也可以打下面的电话。
template-policy-facts =
    依据 | 〔填 文件名和文号〕
    从哪天起 | 〔填 几月几日〕
    咨询电话 | { $phone }

# 模板：办事
template-service-title = 〔填 什么事〕怎么办
template-service-body =
    ## 要带的

    - 身份证原件
    - 〔填 其他材料〕

    ## 怎么办

    1. 〔填 第一步〕
    2. 〔填 第二步〕

    行动不便的老人，家里人可以代办，多带一份代办人的身份证；家里没人能代办的，打社区电话，我们上门。
template-service-facts =
    在哪儿办 | { $name }便民服务大厅
    什么时间 | 〔填 周几，几点到几点〕
    多少钱 | 不收费
    咨询电话 | { $phone }

# 模板：公示
template-disclosure-title = 〔填 公示什么〕公示
template-disclosure-body =
    〔填 按什么规定〕，现将〔填 公示什么〕公示如下，请大家监督。

    | 项目 | 内容 |
    | --- | --- |
    | 〔填 项目〕 | 〔填 内容〕 |

    对上面的内容有意见的，请在截止时间前告诉我们。写明情况、留下姓名和电话，我们会为您保密，并在 5 个工作日内答复。
template-disclosure-facts =
    公示单位 | { $name }
    依据 | 〔填 文件或会议〕

# 模板：紧急
template-emergency-title = 〔填 什么情况〕：〔填 马上做什么〕
template-emergency-body =
    〔填 几点、在哪儿、发生了什么，影响到哪儿〕

    请马上：

    1. 〔填 第一件事〕
    2. 〔填 第二件事〕

    不要：〔填 不能做的，比如开灯、坐电梯、下地库〕

    〔填 集合或安置的地方〕有人值守。独居老人和行动不便的邻居，网格员正在上门；您家隔壁有这样的老人，请帮忙敲个门。
template-emergency-facts =
    社区值班电话 | { $phone }
    火警 / 急救 | 119 / 120
    下次通报 | 〔填 几点〕

# 编辑器
notice-marks = 给正文加格式
notice-mark-bold = 加粗
notice-mark-heading = 小标题
notice-mark-list = 列表
notice-mark-link = 链接
notice-mark-picture = 图片
notice-mark-sample = 文字
notice-attach = 图片和文件
notice-audience = 将送达{ $places }：约 { $households } 户，其中 { $people } 人会收到消息
notice-audience-none = 还没有选发给谁
notice-auto-saving = 正在自动保存…
notice-auto-saved = 已自动保存（{ "{time}" }）
notice-auto-untitled = 写了标题就会自动保存
notice-auto-offline = 没连上网：先存在这台手机上，有网了自动保存
notice-auto-stale = 别人刚改过这条公告。您写的还在，没有盖掉对方的。
notice-auto-look = 看对方改了什么
notice-auto-signed-out = 登录过期了，没有保存到社区。您写的已存在这台手机上，请重新登录后回到这里。
notice-auto-kept = 这台手机上有 { "{time}" } 没保存成的修改。
notice-kept-restore = 恢复
notice-kept-forget = 不要了
notice-picture-add = 加一张图片
notice-picture-file = 图片
notice-picture-alt = 图片里是什么
notice-picture-alt-hint = 一句话，念给看不见图片的人听，比如“3 栋门口的临时取水点”
notice-picture-send = 加到正文
notice-picture-cancel = 不加了
notice-field-activity-starts = 活动开始
notice-field-activity-ends = 活动结束
notice-yes = 是

# 版本
notice-versions = 历次保存
notice-versions-link = 历次保存（{ $count }）
notice-versions-caption = 最近的在前
notice-versions-none = 还没有保存过
notice-versions-none-text = 每次保存都会留一份，改了什么随时可以看。
notice-version = 第几稿
notice-version-number = 第 { $number } 稿
notice-version-by = 谁保存
notice-version-at = 什么时候
notice-version-how = 怎么存的
notice-version-auto = 自动保存
notice-version-saved = 手动保存
notice-version-changes = 第 { $number } 稿改了什么
notice-version-first = 这是第一稿。
notice-version-restore = 恢复到这一稿
notice-version-restore-hint = 会把这一稿再存成最新的一稿，后来写的也都留着。
notice-no-difference = 文字没有不同。
notice-removed = 删去：
notice-added = 加上：
notice-conflict-restore = 这一稿里有的内容现在不能用了（比如楼栋已经不在），请在编辑页里改。
flash-notice-restored = 已恢复，请再看一遍

# 图片和文件
notice-choose-blank = 不用模板，从空白写起
notice-pictures = 图片
notice-pictures-hint = 最多 9 张。照片里的位置等信息会自动去掉。正文里没写放哪儿的，排在正文后面。
notice-picture-number = 图 { $number } 里是什么
notice-picture-describe = 改说明
notice-picture-in-text = 在正文里：
notice-picture-at-end = 在正文后面。想放进正文，就在那一行写：
notice-picture-alt-missing = 请写一句图片里是什么，看不见图片的人靠它
notice-picture-alt-long = 说明最多 120 字
notice-picture-missing = 请先选一张图片
notice-pictures-full = 最多 9 张图片
notice-attachment-remove = 删除
notice-attach-done = 好了，回去接着写
notice-files = 附件
notice-files-hint = 最多 5 个 PDF，每个不超过 10 MB。居民看到的是下载链接。
notice-file = PDF 文件
notice-file-hint = 文件名就是居民看到的名字，比如“2026 年三季度收支.pdf”
notice-file-add = 加一个文件
notice-files-full = 最多 5 个文件
flash-notice-picture-added = 图片加好了
flash-notice-picture-described = 说明改好了
flash-notice-file-added = 文件加好了
flash-notice-attachment-removed = 已删除

# 审核
notice-state-review = 等审核
notices-to-review = 等我审核
notices-waiting-review = 公告等您审核
notice-ask = 提交审核
notice-ask-confirm = 同事审核通过后才会发布：约 { $households } 户能看到，{ $people } 人会收到消息。审核期间不能改，要改可以先收回。
notice-ask-whom = 可以审核的同事：{ $names }
notice-review-yours = 这条公告等您审核。右边（手机上在下面）就是居民将看到的样子。
notice-review-waits = 等 { $names } 审核。
notice-review-nobody = 除了写这条公告的人，没有别人能审核。请让街道给社区再加一位工作人员。
notice-approve = 通过并发布
notice-approve-confirm = 通过后约 { $households } 户能看到，{ $people } 人会收到消息；定了时间的，到时间自动发布。
notice-return = 退回修改
notice-return-reason = 哪里要改（写的人会看到）
notice-error-return-reason = 请写明哪里要改
notice-returned-by = { $who }退回了（{ $when }）：
notice-call-back = 收回修改
notice-call-back-hint = 审核期间不能改。要改，先收回。
notice-compared-corrected = 和被更正的公告比
notice-compared-last = 和上一次送审比
notice-conflict-own-review = 自己写过的公告，要请另一位同事审核。
notice-conflict-not-in-review = 这条公告现在不在审核中，请返回查看最新情况。
notice-settings = 公告要不要第二个人审核
notice-setting-lead = 打开后，除紧急公告外，每条公告都要由另一位同事看过才会发布。紧急公告不等审核，发布后会告诉同事。
notice-setting-caption = 您管辖的单位
notice-setting-organisation = 单位
notice-setting-review = 审核
notice-setting-change = 更改
notice-setting-on = 要审核
notice-setting-off = 不用审核
notice-setting-turn-on = 改为要审核
notice-setting-turn-off = 改为不用审核
inbox-notice-review = { $who }请您审核公告：{ $title }
inbox-notice-approved = { $who }通过了您写的公告：{ $title }
inbox-notice-returned = { $who }退回了公告“{ $title }”：{ $reason }
inbox-notice-called-back = { $who }收回了公告，接着修改：{ $title }
inbox-notice-unreviewed = { $who }发布了紧急公告，没有等审核：{ $title }
inbox-notice-review-on = { $who }打开了审核：{ $place }的公告今后要第二个人看过才发布
inbox-notice-review-off = { $who }关掉了审核：{ $place }的公告今后不用第二个人看
flash-notice-asked = 已提交，请等同事审核
flash-notice-returned = 已退回，写的人会收到消息
flash-notice-called-back = 已收回，可以接着改
flash-notice-review-on = 改好了：今后要审核
flash-notice-review-off = 改好了：今后不用审核

# 一条公告后来的事
notice-table-of = 表格：{ $title }
notice-cap = 给预警系统用的文件（CAP）
notice-superseded = 这条公告后来有了新的。要更正或撤回，请到最新的一条：
notice-corrected-again-by = 后来又更正过（{ $when }），请以这条为准：
notice-correction-withdrawn-by = 后来的更正已撤回（{ $when }）：
notice-conflict-corrected = 这条公告已经有了更正。请在最新的一条上更正或撤回。
notice-error-expires-emergency = 紧急公告要显示到结束，过期时间不能早于结束时间
inbox-notice-held-back = 定时的更正没有发出，因为它要更正的公告已经变了：{ $title }

# 以居民的眼光预览
notice-seen-link = 看看居民打开是什么样（可选楼栋和大字）
notice-seen-title = 预览：住在{ $place }的居民看到的页面
notice-seen-building = 住在哪栋
notice-seen-size = 字号
notice-seen-ordinary = 普通
notice-seen-large = 大字
notice-seen-language = 语言
notice-seen-look = 换成这样看
notice-seen-back = 回到公告管理
notice-seen-reached = 这栋楼的居民会收到
notice-seen-not-reached = 不在发送范围，这栋楼的居民不会收到
