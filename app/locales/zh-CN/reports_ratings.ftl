# 上报的评价和答复
reports-ratings = 上报的评价
reports-ratings-visits = 窗口的评价
reports-ratings-reports = 上报的评价
reports-ratings-waiting = 要答复的上报评价
reports-ratings-conflict = 这条评价刚才已经有人答复，或者上报人要求重新办了。您写的没有发出去，还在这里：
reports-do-rate-answer = 答复评价
reports-event-rate-answer = 社区答复了评价
reports-step-rate-answer-words = 给上报人的答复（只有上报人看得到）
reports-step-rated = 上报人的评价：{ $stars }。{ $reason }
reports-obstacle-not-rated = 上报人还没有评价。
reports-obstacle-answered = 这条评价已经答复过了。
inbox-report-rate-answer = 您对“{ $category }”（编号 { $code }）的评价，社区答复了：{ $text }
