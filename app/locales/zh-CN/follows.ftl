# 关注和通知
follow-title = 关注和通知
follow-link = 关注公告、设置提醒
follow-lead = 公告都会先到“消息”里。您可以多关注几个地方，也可以让公告用别的方式提醒您。
follow-places = 我关注的地方
follow-home-note = 您住的地方，公告一直会告诉您
follow-home-none = 填上您住哪里，那里的公告就会告诉您
follow-remove = 取消关注
follow-row-kind = { $place } · { $kind }
follow-add = 再关注一个地方
follow-add-community = 哪个社区
follow-add-show = 看这个社区的楼栋
follow-add-place = 关注哪里
follow-add-kind = 哪一类公告
follow-kind-all = 所有公告
follow-place-whole = 整个{ $place }
follow-add-do = 关注
follow-error-place = 请选一个社区或楼栋
follow-error-many = 最多关注 { $count } 项，请先取消几项
follow-push = 在手机或电脑上弹出通知
follow-push-lead = 不用打开网页也能看到新公告。每台设备要分别开启，退出登录后自动停止。
follow-push-none = 这个浏览器里开不了。微信里打开的网页不能弹出通知：请点右上角，用手机自带的浏览器打开这一页；苹果手机要先“添加到主屏幕”。开不了也不要紧，公告都在“消息”里。
follow-push-on = 在这台设备上通知我
follow-push-off = 这台设备不再通知
follow-push-done = 好了，新公告会在这台设备上弹出。
follow-push-ended = 这台设备不再弹出通知。
follow-push-denied = 浏览器没有允许通知。请在浏览器的网站设置里允许，再试一次。
follow-push-failed = 没有开启成功，请过一会儿再试。
follow-push-since = { $when }开启
follow-push-remove = 停止
follow-how = 怎么提醒我
follow-channel-push = 弹出通知
follow-channel-email = 邮件
follow-channel-sms = 短信
follow-mail = 邮件
follow-mail-to = 用邮件收公告（{ $address }）
follow-mail-note = 每封邮件里都有退订链接，点一下就停；预约提醒不受影响
follow-mail-none = 想用邮件收公告，要先登记并确认邮箱。
follow-mail-give = 登记邮箱
follow-mode = 多久寄一次
follow-mode-now = 有公告就寄
follow-mode-daily = 每天一封
follow-mode-daily-note = 最近一天的公告合成一封；紧急公告照样马上寄
follow-daily-hour = 每天几点寄（选了每天一封）
follow-sms-title = 短信
follow-sms-do-send = 紧急公告给我发短信
follow-sms-note = 公告里只有紧急的会发短信，夜里也会发；您自己的预约和报名另有提醒
follow-kinds = 哪几类公告要提醒
follow-kinds-hint = 没选的只放进“消息”里。紧急公告一定会提醒。
follow-quiet-from = 晚上几点起不打扰
follow-quiet-until = 早上几点再提醒
follow-quiet-hint = 这段时间里的公告等到早上再提醒，紧急的除外。两个时间选成一样，就是一直都可以提醒。
follow-save = 保存
follow-error-hour = 请选一个钟点
follow-error-mode = 请选有公告就寄，还是每天一封
follow-own = 这一页的资料
follow-export = 下载这一页的资料（JSON）
follow-forget = 全部取消
follow-forget-text = 关注的地方、提醒的设置和开启了通知的设备都会删掉。您住的地方的公告照样会到“消息”里。
follow-forget-do = 全部取消
follow-stop-title = 不再用邮件收公告
follow-stop-lead = 以后不再往您的邮箱寄公告。公告照样会到“消息”里，预约提醒照样会寄。
follow-stop-do = 不再寄公告
follow-stopped = 已经停止
follow-stopped-text = 不会再往您的邮箱寄公告了，预约提醒不受影响。想恢复，到“我的 › 关注和通知”里打开。
flash-follow-saved = 已保存
flash-follow-added = 已关注
flash-follow-removed = 已取消关注
flash-follow-forgotten = 已全部取消
flash-follow-push-removed = 那台设备不再弹出通知

# 发出去的公告
follow-mail-title = 【{ $kind }】{ $title }
follow-mail-do = 怎么做：{ $instruction }
follow-mail-fact = { $label }：{ $value }
follow-mail-body =
    { $title }
    { $source }

    { $body }

    打开网页看全文：
    { $link }

    ——
    邻里
    您收到这封信，是因为您选了用邮件收公告。不想再收公告邮件，点这里（预约提醒不受影响）：
    { $stop }
follow-daily-subject = 最近一天的公告 { $count } 条：{ $first }
follow-daily-item =
    { $title }
    { $source }
    { $body }
    { $link }
follow-daily-body =
    最近一天有 { $count } 条公告：

    { $list }

    ——
    邻里
    您收到这封信，是因为您选了每天用一封邮件收公告。不想再收公告邮件，点这里（预约提醒不受影响）：
    { $stop }
follow-sms = { $kind }公告：{ $title }。详情 { $link }
follow-sms-do = { $kind }公告：{ $title }。{ $instruction }。详情 { $link }

# 工作人员：送达情况
sent-waiting = 没有全部送到的公告
sent-link = 送达情况
sent-title = 送达情况：{ $title }
sent-not-begun = 还没有开始发送。
sent-telling = 正在发送，已经放进 { $people } 人的消息里。
sent-told = 已经放进 { $people } 人的消息里。
sent-cleared = 每条消息的情况保存 90 天，这里的已经清除了。
sent-caption = 每种方式的条数
sent-column-channel = 方式
sent-column-delivered = 已送达
sent-column-waiting = 等待发送
sent-column-retrying = 重试中
sent-column-sending = 正在发
sent-column-failed = 没有送到
sent-column-unsure = 不确定
sent-column-dropped = 不用再发
sent-column-what = 情况
sent-column-count = 条数
sent-column-reason = 答复
sent-channel-inbox = 消息
sent-reasons = 没有送到的原因
sent-failure-retrying = 自动重试中
sent-failure-temporary = 多次重试没有送到
sent-failure-permanent = 对方不收
sent-failure-unsure = 不知道送到没有
sent-failure-overtaken = 发出前已更正、撤回或过期
sent-failure-stopped = 收件人已停收
sent-again = 再发一次没有送到的
sent-again-text = 有 { $count } 条没有送到。先把下面的原因解决了再发，才有用。
sent-again-unsure = 再发一次不确定的
sent-again-unsure-text = 有 { $count } 条不知道送到没有（发送时断了线）。再发一次，有的人可能会收到两遍。
flash-sent-again = 已排上，马上再发
sent-reasons-caption = 每种原因的条数
sent-only-inbox = 没有另外发消息：收到的人没有开启别的提醒方式，或者这类公告不用别的方式提醒。
sent-reason-overtaken = 发出前已经更正、撤回，或者已经过期
sent-reason-no-account = 账号已经没有了
sent-reason-no-mail = 收件人不再用邮件收公告
sent-reason-no-sms = 收件人不再收短信
sent-reason-no-browser = 这台设备已经关掉通知，或者退出了登录
sent-reason-browser-ended = 浏览器已经不再接收通知，登记已自动删除
sent-reason-server-stopped = 发送时服务器停了
sent-reason-not-made = 消息没有生成，日志里有原因
follow-stop-bad = 这个链接不完整
follow-stop-bad-text = 请从邮件里重新打开；也可以到“我的 › 关注和通知”里关掉邮件。
