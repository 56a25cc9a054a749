# 在大厅的这一天：首页卡片、远程取号、大屏、窗口、评价
nav-staff-ratings = 评价

home-open-wait = { $hours }，现在约等 { $low }–{ $high } 分钟
home-remote = 先在手机上取号，再去大厅
home-number = 您今天的号
home-called = 叫到您了 · { $number }
home-ticket-called = 请到 { $window } 号窗口
home-ticket-issued = { $time } 前到大厅扫码签到
home-ticket-ahead = 前面 { $count } 位
home-ticket-note = { $number } · { $item } · { $hall }
home-offer = 候补有名额了
home-offer-note = { $hall }，为您留到 { $time }，请尽快确认

queue-line-issued-until = 请在 { $time } 前到大厅门口扫码签到，签到后才会叫号
queue-lapsed = 这个号没有按时签到，已经作废，请重新取号。
queue-too-late-today = 前面的人多，今天闭厅前轮不到您了，请预约改天的时间。
inbox-ticket-lapsed = { $number } 没有按时到{ $hall }签到，已经作废

queue-board-speak = 语音叫号
queue-board-speak-blocked = 请再点一下，打开语音

queue-ratings-waiting = 要答复的评价
queue-ratings-waiting-note = 最早的一条请在 { $date } 前答复
queue-ratings-note = 看居民的评价，答复不满意的
queue-rating-due = { $date } 前答复

booking-sign-in = 登录后继续
booking-work = 选时间的人很多，正在为您排进去，一两秒就好……

queue-book-for = 替居民预约
queue-back-online = 网络恢复了，刚才的操作已经送到，下面是最新的情况。
queue-offline = 网络断了，正在重新连接。下面可能不是最新的。
