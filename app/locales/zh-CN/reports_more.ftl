# 上报：给居民看的列表、附近的同类、待发送

reports-more-list = 社区问题
reports-more-list-lead = 大家上报了什么，办到哪一步了。这里从不显示是谁报的。
reports-more-list-choose = 选好社区，就能看到大家上报的问题。
reports-more-list-empty = 这里没有上报
reports-more-list-empty-text = 换一个筛选看看；看到问题，拍张照就能报。
reports-more-filters = 按类别、网格、时间筛选
reports-more-filter-over = 办结的
reports-more-filter-time = 按时间
reports-more-filter-days = { $count } 天内
reports-more-feed = 订阅（Atom）
reports-more-feed-of = { $place }：居民上报
reports-more-map = 在地图上看
reports-more-map-hint = 一个圆点是一处上报，标在楼栋或网格上；没有选“办结的”时，只标还没办完的。下面的列表里有同样的内容。
reports-more-map-pick = 在地图上选
reports-more-map-pick-hint = 点楼栋，或点空白处标出位置。不用地图也能报。
reports-more-map-label = 社区平面图
reports-more-map-in = 放大
reports-more-map-out = 缩小
reports-more-list-none-text = 这里还没有人上报过。看到坏了的、堵了的、不安全的，拍张照就能报。
reports-more-list-all = 看全部
reports-more-map-list = 地图上的地点
reports-more-map-count = { "{n}" } 件
reports-more-map-failed = 地图没有打开，请检查网络。下面的列表里有同样的内容。

reports-more-nearby = 附近有人报过同样的问题
reports-more-nearby-hint = 如果是同一件事，点“我也遇到”：算您一份，有消息也告诉您，不公开您的姓名。
reports-more-join = 我也遇到
reports-more-leave = 不再关注
reports-more-joined = 您也遇到了这件事，有进展会告诉您。
reports-more-followers = { $count } 人也遇到
reports-more-different = 不一样，继续提交
reports-more-nearby-title = 是这件事吗？
reports-more-conflict-own = 这是您自己上报的，不用再点“我也遇到”。
reports-more-conflict-over = 这件已经办完了。如果问题又出现，请重新上报。
flash-report-joined = 已算上您一份，有进展会告诉您。
flash-report-left = 已不再关注这件。

reports-more-outbox = 存在这台手机里的上报
reports-more-outbox-draft = 没写完
reports-more-outbox-waiting = 待发送
reports-more-outbox-sending = 正在发送
reports-more-outbox-sent = 已发送
reports-more-outbox-failed = 发送失败
reports-more-outbox-go-on = 继续写
reports-more-outbox-remove = 删除
reports-more-outbox-removed = 已删除。
reports-more-outbox-undo = 撤销
reports-more-outbox-photos = { "{n}" } 张照片
reports-more-outbox-without = 有 { $n } 张照片没有收下，其余的照常发送。{ $why }
reports-more-outbox-untitled = 还没写内容
reports-more-outbox-queued = 现在没有信号。已存在手机里，有信号就自动发送，不用再点。
reports-more-outbox-kept = 已存在手机里
reports-more-outbox-unable = 现在没有信号，这个浏览器又存不下来。请先别关这一页，有信号再提交。
reports-more-outbox-busy = 现在人多，系统有点忙。已存在手机里，过一会儿自动发送，不用再点。
reports-more-outbox-foreign = 写这件上报的人已经退出登录。已存在手机里，等本人登录后再发送。
reports-more-outbox-others = 这台手机里还存着别人写的上报：{ "{n}" } 件。等写的人登录后才会显示和发送，不会用您的名义发出。
reports-more-outbox-unnamed = 没有登录时写的，退出登录后自动发送
reports-more-outbox-as-mine = 用我的名义发送

# 遮挡照片
reports-more-redact = 遮挡照片
reports-more-redact-open = 遮挡
reports-more-redact-check = 公开之前，请检查人脸和车牌、门牌、姓名。系统不会自动遮挡，要靠您看。
reports-more-redact-how = 在照片上拖出要遮住的地方；也可以在下面填数字，按照片宽和高的百分之几。
reports-more-redact-alt = 要检查的照片
reports-more-redact-row = 第 { $n } 块
reports-more-redact-x = 左边距 %
reports-more-redact-y = 上边距 %
reports-more-redact-width = 宽 %
reports-more-redact-height = 高 %
reports-more-redact-release = 同时公开这张照片
reports-more-redact-send = 遮挡
reports-more-redact-final = 遮住以后，所有人看到的都是遮住的样子，不能恢复。原图只留给社区查证，每次查看都有记录。
reports-more-redact-original = 看原图（会留下记录）
reports-more-redact-done = 这张照片已经遮挡过，可以再加。
reports-more-redact-error = 请填 0 到 100 之间的数字，宽和高不能是 0。
reports-more-redact-none = 还没有选要遮住的地方。
reports-more-redact-many = 遮挡的地方太多了。
flash-report-redacted = 已遮挡。

# 上报人自己的内容
reports-more-own = 修改或删除我写的、我拍的
reports-more-own-edit = 改一改我写的
reports-more-own-edit-send = 保存
reports-more-own-remove-words = 删除我写的文字
reports-more-own-remove-words-text = 您写的说明、回答和补充会立刻删除。经过和编号会留着，社区可能要再问您。
reports-more-own-photos = 删除我的照片
reports-more-own-photos-text = 照片会立刻删除，不能恢复。
reports-more-own-gone = 已由上报人删除
reports-more-conflict-edit = 社区已经受理，文字不能再改。可以补充照片，或者删除。
flash-report-words-changed = 已改好。
flash-report-own-removed = 已删除。

reports-more-suggest = 按您写的，先选了
reports-more-suggest-because = 因为写到：

# 网格员采集
reports-more-collect = 巡查采集
reports-more-collect-before = 现场照片
reports-more-collect-after = 解决后的照片
reports-more-collect-after-hint = 现场就解决了的，再拍一张现在的样子
reports-more-collect-solved = 现场已解决
reports-more-collect-send = 上报，等派人
flash-report-collected = 已上报。
flash-report-collected-solved = 已记录，等另一个人核查。
inbox-report-followed = 您也遇到的“{ $category }”（{ $code }）有进展了，点开看看。
