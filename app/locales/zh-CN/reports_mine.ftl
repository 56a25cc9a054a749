# 上报人自己的页面：回答、补充、确认、重办、评价、撤回

reports-mine-question = 社区想问您
reports-mine-answer = 您的回答
reports-mine-photos = 照片
reports-mine-add = 补充什么
reports-mine-solved = 问题解决了吗？
reports-mine-unsolved = 哪里没有解决
reports-mine-unsolved-hint = 例如：昨晚又不亮了。能拍一张现在的样子更好。
reports-mine-reopen-until = { $until }前可以要求重新办，时限重新算。
reports-mine-rate = 办得怎么样？
reports-mine-rate-how = 您满意吗
reports-mine-rate-why = 想说的话
reports-mine-rate-why-hint = 不满意的话，请写一句为什么，一个工作日内答复您
reports-mine-rated = 您的评价
reports-mine-unsent = 您刚才写的还在这里，可以复制：
reports-mine-conflict = 情况有了变化：{ $what }（{ $when }）。您刚才这一步没有执行，下面是最新情况。
reports-error-answer = 请写一句回答，或者拍张照片
reports-error-add = 请写一句，或者拍张照片
reports-error-unsolved = 请写一句哪里没有解决
reports-error-rate-why = 请写一句为什么不满意，社区才知道怎么改
flash-report-answered = 已回答，社区会接着办。
flash-report-added = 已补充，办的人看得到。
flash-report-confirmed = 谢谢您确认。
flash-report-reopened = 已重新交给社区办理。
flash-report-rated = 谢谢您的评价。
inbox-report-added = “{ $category }”（编号 { $code }）的上报人补充了情况。

# 时限为什么变了
reports-stands-asked = 等您回答。时限从 { $since } 起停着，您回答后接着算。
reports-stands-suspended = 时限从 { $since } 起停着，恢复处置后接着算。
reports-moved = 为什么和当初说的时间不一样
reports-event-moved = 预计的时间改了
inbox-report-moved = 您上报的“{ $category }”（编号 { $code }），预计办好的时间改了。{ $line }
reports-moved-line = 原来说 { $before } 前，现在是 { $after } 前。{ $why }
reports-moved-known = 原来还算不出时间，现在是 { $after } 前。{ $why }
reports-moved-unknown = 原来说 { $before } 前，现在要等下一年的放假安排公布才算得出。{ $why }
reports-moved-said = { $line }说明：{ $said }
reports-moved-calendar = 因为放假安排有变，工作日重新算过。
reports-moved-limit = 因为这一类问题的时限改了。
reports-moved-hours = 因为社区的工作时间改了。
reports-moved-asked = 等上报人回答的这段时间不算在内。
reports-moved-suspended = 暂时办不了的这段时间不算在内。
reports-moved-extended = 因为同意了延长时间。
reports-moved-sorted = 因为改了类别，按新类别的时限算。
reports-moved-reopened = 因为上报人要求重新办，从结案到重新办的这段时间不算在内。
reports-moved-rules = 因为时限的规则有变，重新算过。
reports-said-community = 社区：
reports-said-verifier = 去核查的人：
reports-merged-into = 并到 { $code } 一起办，去看看办到哪一步了
reports-link-copy = 复制链接
reports-added = 补充

# 表单：位置、类别、隐私
reports-place-at = { $community } { $building }
reports-place-near = { $community } { $building }附近
reports-place-in-grid = { $community } { $grid }
reports-place-outside = 不在{ $community }里
reports-position-photo = 照片是在这里拍的？
reports-position-phone = 您现在在这里？
reports-position-use = 用这里
reports-position-no = 不是
reports-position-used = 已选好，不对可以改。
reports-privacy = 谁能知道是您报的
reports-privacy-hint = 公开的页面上从不出现您的姓名和电话，不用另外选。
reports-too-many = 您这一小时报了不少，谢谢。系统要歇一歇，请过 { $minutes } 分钟再提交；写好的都在下面。
reports-too-many-visitor = 这台手机这一小时报了不少，谢谢。没有登录时每小时能报的件数有限，请过 { $minutes } 分钟再提交，或者先登录；写好的都在下面。急事请直接打电话。
reports-more-suggest-another = 换一个
