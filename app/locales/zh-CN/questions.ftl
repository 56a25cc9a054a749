# 公告下的提问

question-section = 提问
question-ask = 我要提问
question-sign-in = 登录后提问
question-label = 您想问什么
question-hint = 社区回答后，问题和回答会显示在这里，不显示您的名字。请不要写身份证号、电话等个人信息。
question-send = 提交
question-by-you = 您问
question-by-resident = 居民问
question-you-wait = 等社区回答，现在只有您看得到
question-answer-follows = 稍后回答
question-only-you = 只回答了您
question-answer = 社区回答
question-why = 没有回答的原因
question-open = 等回答
question-answered = 已回答
question-declined = 没有回答
question-is-shown = 已公开
question-error-empty = 请写下您想问的
question-error-answer = 请写下回答
question-error-reason = 请写明为什么不回答，提问的人会看到
question-conflict-closed = 这条公告现在不能提问。
question-conflict-many = 您在这条公告下还有 3 个问题等着回答，请先等等。
question-take-back = 撤回这个问题
question-take-back-text = 问题会被删掉，社区也看不到了，不能恢复。
question-take-back-do = 撤回
question-conflict-answered = 社区已经回答了这个问题，不能再撤回。
question-conflict-changed = 这个问题刚刚有人处理过，请返回看看。

# 工作人员
questions-title = 居民提问
questions-waiting = 居民提问等着回答
questions-open-list = 居民提问
questions-states = 按状态看
questions-caption = 等回答的里，先问的在前
questions-none = 没有这样的提问
questions-none-text = 居民在公告下提问后，会列在这里。
question-title = 居民提问
question-column = 问题
question-column-notice = 公告
question-column-asked = 什么时候问的
question-answer-label = 回答
question-answer-hint = 提问的人会收到。公开的话，别人也看得到问题和回答，看不到是谁问的。
question-do-answer = 回答并公开
question-do-quietly = 只回答本人
question-do-decline = 不回答
question-decline-text = 问题不会公开，提问的人会看到原因。
question-reason = 为什么不回答
question-do-release = 公开这个问题
question-release-text = 别人会在公告下看到它，看不到是谁问的。
question-do-hide = 不再公开
question-hide-text = 公告下不再显示它，提问的人自己还看得到。
question-field = 居民可以在下面提问
question-field-note = 提问先由工作人员看过，回答或公开以后别人才看得到

inbox-question-answered = 社区回答了您的提问：{ $title }
inbox-question-declined = 您的提问没有得到回答，原因见公告：{ $title }

flash-question-asked = 问题交上去了，社区回答后会通知您
flash-question-taken-back = 问题已撤回
flash-question-done = 处理好了，提问的人会收到
flash-question-released = 已公开
flash-question-hidden = 不再公开

# 紧急公告：我已看到
confirm-title = 请确认您已看到
confirm-text = 只统计人数，不记录是谁。
confirm-do = 我已看到
confirm-done = 您已确认看到，谢谢。
confirm-sign-in = 登录后确认
confirm-conflict-over = 只有正在持续的紧急公告需要确认。
confirm-count = 确认看到
confirm-count-text = { $count } 人（送达 { $people } 人）。只统计人数，没有名单。
flash-confirmed = 谢谢，已经记下
