# 办事大厅：事项、时间、预约、号票、签到

windows-area-social = 社保
windows-area-civil = 民政救助
windows-area-family = 生育和家庭
windows-area-mass = 工会和残联

windows-title = 办事
windows-lead = 先看要带什么，再约个时间，到了就办。
windows-search = 搜索事项
windows-search-hint = 比如：社保卡丢了、sbk
windows-choose-hall = 选择大厅
windows-item-note = { $official } · 约 { $minutes } 分钟
windows-found = 找到 { $count } 个事项
windows-nothing-found = 没有找到这个事项
windows-nothing-found-text = 换个说法试试，比如“社保卡”“津贴”；也可以打社区电话问一问。
windows-show-all = 看全部事项
windows-hours-and = 、
windows-today-open = 今天 { $hours }
windows-today-closed = 今天不办公（{ $reason }）
windows-today-unknown = 今天的节假日安排还没有公布，请打电话确认

# 事项
windows-questions = 先答几个问题，看看要带什么
windows-yes = 是
windows-no = 不是
windows-show-materials = 看要带什么
windows-bring = 要带的材料
windows-bring-hint = 备好一样勾一样，勾选会一直带到预约里。
windows-bring-hint-open = 上面的问题还没答完，先把可能要带的都列出来。
windows-material-if-yes = “{ $question }”答“是”才要带。
windows-material-if-no = “{ $question }”答“不是”才要带。
windows-material-copies = 另带复印件 { $count } 份。
windows-sentence-gap = {""}
windows-facts = 在哪里办、要多久
windows-fact-item = 事项
windows-fact-when = 时间
windows-fact-where = 地点
windows-fact-who = 预约人
windows-fact-minutes = 窗口用时
windows-fact-how-long = 多久办好
windows-fact-fee = 费用
windows-fact-result = 办完拿到
windows-fact-basis = 办理依据
windows-fact-cancel-reason = 取消原因
windows-fact-outcome = 办理结果
windows-fact-clerk-note = 窗口备注
windows-minutes = 约 { $minutes } 分钟
windows-call-hall = 大厅电话
windows-choose-time = 选时间

# 选时间
windows-times-title = 选时间
windows-step-bring = 看材料
windows-step-time = 选时间
windows-step-confirm = 确认
windows-which-day = 哪一天
windows-other-day = 换一天
windows-day-today = 今天 { $weekday }
windows-day-tomorrow = 明天 { $weekday }
windows-day-after = 后天 { $weekday }
windows-left = 余 { $count }
windows-full = 已满
windows-day-full = 这一天已经约满了，请换一天。
windows-none-free = 眼下没有空的时段。可以过几天再看，或打大厅电话 { $phone }。
windows-closed-day-off = 休息
windows-closed-holiday = { $name }放假
windows-closed-unknown = 这一年的节假日安排还没有公布，暂不开放预约
windows-closed-unknown-short = 暂未开放
windows-unknown-year = 明年的节假日和调休还没有公布，那几天要等公布以后才能预约。
windows-morning = 上午
windows-afternoon = 下午
windows-next-step = 下一步

# 确认
windows-confirm-title = 确认预约
windows-change = 改
windows-tick = 材料备好了吗？
windows-tick-hint = 备好的打勾，没备好也可以先约，到时带上就行。
windows-book = 确认预约
windows-book-instead = 改约这个时间
windows-other-time = 看别的时间
windows-next-free = 最近的空时段
windows-trouble = 还没有约上
windows-trouble-full = 这个时段刚刚被约满了。下面是最近的空时段，您勾好的材料还在。
windows-trouble-not-offered = 这个时段已经过了，或者不再开放。下面是最近的空时段，您勾好的材料还在。
windows-trouble-open = 这个事项您已经约过一次。办完或取消以后才能再约。
windows-trouble-per-day = 同一天最多约 { $max } 次，请换一天。
windows-trouble-overlap = 这个时间您已经有别的预约，请换一个时间。
windows-see-booking = 看那次预约

# 号票
windows-ticket-title = 预约号票
windows-state-booked = 已预约
windows-state-checked-in = 已签到
windows-state-cancelled = 已取消
windows-state-done = 已办完
windows-state-no-show = 未到
windows-ticket-booked = 到大厅出示这个编号或二维码签到
windows-ticket-checked-in = 您已签到，请在 { $window } 号窗口附近等候
windows-ticket-cancelled = 这次预约已经取消
windows-ticket-done = 已经办完
windows-ticket-no-show = 这次没有来
windows-window = { $number } 号窗口
windows-qr = 号票二维码，签到时给工作人员扫
windows-calendar = 加到日历
windows-to-guide = 看办事指南
windows-material-ready = 已备好
windows-material-not-ready = 还没勾
windows-cancel = 取消预约
windows-cancel-consequence = 取消以后，这个时段会让给别人，不能恢复。
windows-cancel-reason = 为什么取消
windows-cancel-do = 确定取消
windows-cancel-until = 开始前 { $hours } 小时以内不能在网上取消，请打大厅电话 { $phone }。
windows-not-cancelled = 没有取消
windows-cancel-too-late = 离预约的时间太近，不能在网上取消了。来不了的话，请打大厅电话 { $phone }。
windows-cancel-not-standing = 这次预约已经签到或结束，不用取消。
windows-cancel-long = 原因请不超过 { $max } 个字。
windows-book-again = 重新约一个时间

# 我的预约
windows-mine-title = 我的预约
windows-upcoming = 接下来
windows-past = 以前的
windows-none-upcoming = 还没有预约
windows-none-upcoming-text = 要办的事先约好时间，到了就办。
windows-go-book = 去预约

# 首页
windows-next-today = 今天的预约 · { $time }
windows-next-later = 下一个预约 · { $when }
windows-next-note = { $hall }，编号 { $code }

# 工作人员
windows-desk-title = 预约
windows-today = 今天
windows-day-before = 前一天
windows-day-next = 后一天
windows-came = 已到
windows-no-hall = 您的社区没有便民服务大厅
windows-no-hall-text = 大厅由街道统一设置。
windows-day-empty = 这一天没有预约
windows-day-caption = 共 { $count } 个预约，按时间排列
windows-column-time = 时间
windows-column-person = 居民
windows-column-item = 事项
windows-column-window = 窗口
windows-column-materials = 材料
windows-column-state = 状态
windows-column-do = 操作
windows-materials-ready = 勾了 { $ready } / { $needed }
windows-check-in = 签到
windows-check-in-code = 按编号签到
windows-check-in-hint = 号票上的 6 位编号，不分大小写
windows-check-in-not-a-code = 编号是 6 位字母和数字，请再看一下号票
windows-check-in-unknown = 没有这个编号的预约
windows-check-in-other-hall = 这个预约在{ $hall }，不在这里
windows-check-in-other-day = 这个预约是 { $date } 的，不是今天
windows-check-in-cancelled = 这个预约已经取消了
windows-check-in-over = 这个预约已经结束了
windows-waiting-today = 今天的预约
windows-waiting-today-note = 还没签到，最早的是 { $time }

flash-appointment-booked = 约好了
flash-appointment-cancelled = 已取消，这个时段让给别人了
flash-appointment-checked-in = 签到好了

inbox-appointment-booked = 约好了：{ $item }，{ $when }，{ $hall }
inbox-appointment-cancelled = 已取消：{ $item }，{ $when }，{ $hall }
inbox-appointment-checked-in = 已签到：{ $item }，{ $when }，{ $hall }，请等候叫号

# 日历文件
windows-ics-summary = { $item }（{ $hall }）
windows-ics-description = 编号 { $code }，{ $window } 号窗口。要带的材料：{ $materials }
windows-ics-alarm-day = 明天要办：{ $item }
windows-ics-alarm-hours = 两小时后要办：{ $item }
windows-list-and = 、

# 按人生大事找
windows-life = 您遇到了什么事？
windows-life-all = 全部事项
windows-life-baby = 有了宝宝
windows-life-work = 工作和社保
windows-life-moving = 搬到这里
windows-life-lost-papers = 证件丢了
windows-life-illness = 生病或残疾
windows-life-hardship = 家里有困难
windows-life-retirement = 退休
windows-life-old-age = 年纪大了
windows-share = 转发
windows-copy-link = 复制链接
windows-print = 打印清单
windows-at-hall = 在{ $hall }办
