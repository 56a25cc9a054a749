# 邮件和提醒

mail-subject = { $text }
mail-body =
    { $text }

    打开这个网页查看：
    { $link }

    ——
    邻里
    您收到这封信，是因为您在邻里登记了这个邮箱。不想再收，点这里：
    { $stop }
mail-title = 邮箱提醒
mail-lead = 登记邮箱后，预约前一天和前两小时会写信提醒您，候补有号也会告诉您。不登记也照样能用，提醒都在“消息”里。
mail-address = 邮箱
mail-address-hint = 我们先寄一封信，点了信里的链接才算登记好
mail-address-kept = 邮箱加密保存，只用来提醒您自己的事，和您在“关注和通知”里选了的公告。
mail-save = 寄确认信
mail-now = 现在用的邮箱
mail-pending = 还没有确认：请打开寄到 { $address } 的信，点里面的链接。
mail-confirmed = 已确认
mail-forget = 不再用邮箱提醒
mail-forget-consequence = 邮箱会从您的资料里删掉，以后只在“消息”里提醒。
mail-forget-do = 删掉邮箱
mail-error-empty = 请填写邮箱
mail-error-shape = 这不像一个邮箱地址，请检查，例如 name@example.cn
mail-error-limit = 确认信寄得太频繁，请过一会儿再试
mail-off-title = 这里没有开通邮件
mail-off-text = 提醒都在“消息”里，不会漏。
mail-confirm-title = 确认邮箱
mail-confirm-lead = 确认用 { $address } 接收您预约和候补的提醒？
mail-confirm-do = 确认
mail-link-old = 这个链接已经失效
mail-link-old-text = 可能邮箱后来改过。请到“我的 › 邮箱提醒”重新寄一封。
mail-stop-title = 不再收邮件
mail-stop-lead = 以后不再往您的邮箱寄提醒。“消息”里照样有。
mail-stop-do = 不再寄
mail-stopped = 已经停止
mail-stopped-text = 不会再往您的邮箱寄信了。想恢复，到“我的 › 邮箱提醒”重新登记。
people-email = 邮箱提醒
flash-email-sent = 确认信已寄出，请到邮箱里点链接
flash-email-confirmed = 邮箱已确认，以后会写信提醒您
flash-email-forgotten = 邮箱已删掉
inbox-email-confirm = 请确认：用这个邮箱接收邻里的提醒。
inbox-appointment-tomorrow = 提醒：{ $when } 在{ $hall }办“{ $item }”。来不了请点一下取消，把号留给别人。
inbox-appointment-soon = 快到了：{ $when } 在{ $hall }办“{ $item }”，请带好材料。来不了请点一下取消。

# 提醒页
windows-reminder-title = 您的预约快到了
windows-reminder-cannot = 来不了
windows-reminder-cannot-text = 点“来不了”就取消这次预约，号让给别人，不算失约。
windows-reminder-come = 我会来，看预约
windows-reminder-too-late = 约的时间已经到了，网上不能取消。请打电话告诉大厅：{ $phone }
windows-reminder-reason = 临时来不了
