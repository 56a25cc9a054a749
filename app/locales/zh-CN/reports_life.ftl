# 上报：一件事的全部经过

reports-state-asked = 待补充
reports-state-disputed = 退件有争议
reports-state-suspended = 挂账
reports-state-merged = 已并案

reports-say-asked = 社区有个问题想问您，回答后继续办。
reports-say-disputed = 由谁来办有不同意见，街道正在定。
reports-say-suspended = 暂时办不了，原因写在下面；条件具备后继续办。
reports-say-merged = 和另一件说的是同一件事，并在一起办了。

# 经过
reports-event-ask = 社区想请上报人补充
reports-event-answer = 上报人已补充
reports-event-add = 上报人补充了情况
reports-event-merge = 并到另一件里办
reports-event-sort = 改了类别
reports-event-dispute = 对退件有异议，请街道定
reports-event-uphold = 街道：退件成立，另外派人
reports-event-send-back = 街道：退件不成立，由原处置人办
reports-event-extend-ask = 处置人申请延时
reports-event-extend-grant = 同意延时
reports-event-extend-refuse = 没有同意延时
reports-event-extend-grant-above = 街道同意延时
reports-event-extend-refuse-above = 街道没有同意延时
reports-event-suspend = 挂账，时限暂停
reports-event-resume = 恢复处置，时限继续
reports-event-supervise = 督办
reports-event-supervise-answer = 已回复督办
reports-event-confirm = 上报人确认已解决
reports-event-reopen = 上报人说没有解决，重新办理
reports-event-rate = 上报人作了评价

# 步骤
reports-do-ask = 请上报人补充
reports-do-answer = 回答
reports-do-add = 补充
reports-do-merge = 并案
reports-do-sort = 改类别
reports-do-dispute = 对退件有异议，报街道
reports-do-uphold = 退件成立
reports-do-send-back = 退件不成立，派回原处置人
reports-do-extend-ask = 申请延时
reports-do-extend-grant = 同意延时
reports-do-extend-refuse = 不同意延时
reports-do-extend-grant-above = 同意延时（街道）
reports-do-extend-refuse-above = 不同意延时（街道）
reports-do-suspend = 挂账
reports-do-resume = 恢复处置
reports-do-supervise = 督办
reports-do-supervise-answer = 回复督办
reports-do-confirm = 确认已解决
reports-do-reopen = 没有解决，重新办
reports-do-rate = 评价
reports-step-inside = 说明（居民看不到）
reports-step-ask-words = 想问上报人什么
reports-step-suspend-words = 为什么暂时办不了（居民会看到）
reports-step-hours = 要延多少小时
reports-step-hours-hint = 按这一类时限的算法：工作时或紧急工作时，最多 { $most } 小时
reports-step-into = 并到哪一件
reports-step-into-hint = 填那一件的编号。跟进的人会一起转过去。
reports-step-category = 改成哪一类
reports-step-asked = 处置人申请延 { $hours } 小时：{ $reason }

# 为什么不行
reports-obstacle = 现在不能“{ $step }”：{ $why }
reports-obstacle-not-returned = 这件没有被退回过。
reports-obstacle-extension-waits = 上一次延时申请还没有答复。
reports-obstacle-extensions = 已经申请过两次延时，不能再申请。
reports-obstacle-overdue = 时限已经过了，延时要在到期前申请。
reports-obstacle-unlimited = 这件还没有时限，等放假安排公布后才能算。
reports-obstacle-no-extension = 没有等您这一级决定的延时申请。
reports-obstacle-no-order = 没有等回复的督办。
reports-obstacle-confirmed = 上报人已经确认过了。
reports-obstacle-rated = 已经评价过了。
reports-obstacle-long-over = 结案已经超过 15 天，请另报一件。
reports-error-hours = 请填写 1 到 { "200" } 的整数
reports-error-into = 没有这个编号，或者那一件已经办完了
reports-error-category-same = 请选一个不同的类别
reports-error-stars = 请选一到五颗星

# 消息
inbox-report-ask = 您上报的“{ $category }”（编号 { $code }），社区想问您：{ $text }
inbox-report-merge = 您上报的“{ $category }”（编号 { $code }）和另一件是同一件事，并到 { $into } 一起办，进展会告诉您。{ $text }
inbox-report-extend-grant = 您上报的“{ $category }”（编号 { $code }）需要多一些时间。{ $text }
inbox-report-suspend = 您上报的“{ $category }”（编号 { $code }）暂时办不了：{ $text }
inbox-report-resume = 您上报的“{ $category }”（编号 { $code }）恢复处理了。{ $text }
inbox-report-answered = “{ $category }”（编号 { $code }）的上报人已补充，请接着受理。
inbox-report-reopened = “{ $category }”（编号 { $code }）的上报人说没有解决，要重新办。
inbox-report-extension-asked = “{ $category }”（编号 { $code }）申请延时，等您决定：{ $text }
inbox-report-extension-decided = “{ $category }”（编号 { $code }）的延时申请有了答复。{ $text }
inbox-report-disputed = “{ $category }”（编号 { $code }）的退件有争议，请定：{ $text }
inbox-report-dispute-decided = “{ $category }”（编号 { $code }）的退件，街道已定：{ $text }
inbox-report-supervised = “{ $category }”（编号 { $code }）被督办，请回复：{ $text }
inbox-report-supervise-answered = “{ $category }”（编号 { $code }）的督办有了回复：{ $text }
inbox-report-soon = “{ $category }”（编号 { $code }）的时限快到了，办不完请在到期前申请延时。
inbox-report-overdue = “{ $category }”（编号 { $code }）已经超期，请督促办理。
inbox-report-overdue-owner = “{ $category }”（编号 { $code }）已经超期，请尽快办理。
inbox-report-overdue-lead = { $owner }手上的“{ $category }”（编号 { $code }）已经超期，请帮着催一催。

# 设置
flash-report-settings = 已保存。
reports-routing = 派遣规则
reports-routing-text = 从上往下，第一条符合的规则决定派给谁。派遣时会先替您选好，您可以改。
reports-routing-caption = 规则，按先后
reports-routing-empty = 还没有规则。加一条，派遣时就会替您选好人。
reports-routing-order = 先后
reports-routing-up = 上移
reports-routing-remove = 删除
reports-routing-add = 加一条规则
reports-routing-any-category = 任何类别
reports-routing-anywhere = 任何地点
reports-routing-try = 这件事会派给谁？
reports-routing-try-it = 试一试
reports-routing-goes-to = 会派给{ $name }。
reports-routing-goes-nowhere = 没有符合的规则，由派遣的人选。
reports-limits = 类别和时限
reports-limits-text = 这是本地自己定的时限。改了以后，没办完的件会重新计算，暂停过的时间照样算进去。
reports-limits-amount = 时限
reports-limits-kind = 怎么算
reports-limits-major = 大类
reports-limits-photo = 完成要照片
reports-limits-active = 可选
reports-limits-save = 保存
reports-limits-hours = 小时内派遣
reports-limits-dispatch = 派遣时限
reports-limits-error = 请填写 1 到 { $most } 的整数，并选好怎么算。
reports-limit-urgent = 紧急工作时
reports-limit-working-hours = 工作时
reports-limit-working-days = 工作日
reports-fact-owner-due = 处置时限
reports-fact-dispatch-due = 派遣时限
reports-fact-stopped = 时限暂停
reports-fact-stopped-since = 从 { $since } 起
reports-fact-returns = 退件次数
reports-fact-reopened = 重开次数
