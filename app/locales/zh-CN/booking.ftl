# 预约：一次办几件、留住时间、改期、候补、代约

booking-colon = ：
booking-together = 这次一起办：
booking-remove-item = 不办这件
booking-add-item = 还想一起办别的？
booking-add-item-note = 下面这些可以在同一个窗口一次办完，时间会加在一起。
booking-view-days = 按日期
booking-view-list = 最近的空时段
booking-views = 怎么看
booking-length = 大约 { $minutes } 分钟，连着占 { $slots } 个时段，中间不用换窗口。
booking-too-short = 时间不够
booking-too-short-text = 这一天没有连着的时段，排不下这几件事。可以换一天，或者分开办。
booking-full-wait = 已满 · 候补
booking-not-kept = 没有留住这个时间
booking-pressure = 现在选时间的人很多。登录以后就能继续，您选的都还在。
booking-too-often = 选得太频繁了，请过一会儿再试。

booking-hold-until = 这个时间为您留到 { $time }
booking-hold-left = 为您保留 %
booking-hold-over = 保留的时间到了。名额还在的话，仍然可以确认。
booking-hold-gone = 这个时间已经不为您保留了。名额还在的话，仍然可以确认；也可以另选时间。
booking-hold-renew = 再留一会儿
booking-hold-release = 不要这个时间了
booking-sign-in-confirm = 登录后确认

booking-for-whom = 帮家人办，或需要照顾？
booking-for-relative = 代办：我替家人来办
booking-for-name = 家人姓名
booking-for-relation = 与您的关系
booking-for-relation-hint = 比如：母亲、爱人
booking-for-consent = 家人知道并同意我代办，并把姓名告诉大厅
booking-for-name-missing = 请填写家人姓名，不超过 40 个字
booking-for-relation-missing = 请填写关系，不超过 40 个字
booking-for-consent-missing = 代办要家人同意，请打勾
booking-for-name-short = 代办
booking-for-whom-short = 代 { $who }
booking-need = 需要的照顾
booking-need-hint = 比如：{ $examples }
booking-need-wheelchair = 轮椅
booking-need-sign = 手语
booking-need-home = 上门办理
booking-need-long = 请不超过 200 个字

booking-trouble-blocked = 因为有几次约了没有来，网上预约暂停到 { $until }。可以打电话或到大厅现场办。
booking-see-block = 看原因，或提出申诉

booking-change = 改时间
booking-change-title = 改时间
booking-change-now = 现在约的是 { $when }。改好以前，原来的时间一直为您留着。
booking-change-do = 确认改到这个时间
flash-change-not-standing = 这次预约已经签到、取消或结束，不能再改。
booking-reason-hint = 可以选一个，也可以自己写
booking-reason-busy = 临时有事
booking-reason-papers = 材料没备齐
booking-reason-done = 已经办好了
booking-reason-ill = 身体不舒服

booking-wait-join = 候补这一天
booking-wait-sign-in = 登录后候补
booking-wait-text = 可以候补：有人取消时按先后通知您，名额为您留一段时间。
booking-wait-not-full = 这一天还有空的时段，直接选时间就可以。
booking-wait-title = 候补
booking-wait-state-waiting = 正在候补，有名额就通知您
booking-wait-state-offered = 有名额了
booking-wait-state-booked = 已经约上了
booking-wait-state-left = 已经不再候补
booking-wait-state-expired = 这次候补已经结束
booking-wait-day = 哪一天
booking-wait-until = 名额为您留到 { $time }
booking-wait-accept = 就约这个时间
booking-wait-decline = 不要，给下一位
booking-wait-leave = 不候补了
booking-wait-how = 有人取消时，按先后顺序通知。可以随时退出。
booking-waiting = 正在候补
booking-waiting-offer = 请确认

booking-block-title = 网上预约暂停
booking-block-lead = { $hall }的网上预约暂停到 { $until }。
booking-block-counter = 不影响到大厅现场取号，也可以打电话 { $phone } 请工作人员代约。
booking-block-missed = 约了没有来的
booking-appeal = 申诉
booking-appeal-hint = 说说当时的情况，工作人员会看
booking-appeal-send = 提交申诉
booking-appeal-wrong = 请写几句，不超过 { $max } 个字
booking-appeal-sent = 申诉已提交，工作人员正在看。
booking-appeal-lifted = 申诉通过，暂停已取消。
booking-appeal-kept = 看过申诉，暂停不变。

booking-find = 用手机号和编号查预约
booking-find-title = 查预约
booking-find-lead = 不用登录，用预约时的手机号和编号查。
booking-find-phone = 手机号
booking-find-code = 预约编号
booking-find-do = 查预约
booking-find-none = 没有查到
booking-find-none-text = 手机号和编号对不上，请核对后再试。

booking-assist-title = 代约
booking-assist-lead = 居民打电话或在窗口时，替他们约。先用代约名额，用完再用公开名额。
booking-assist-choose = 请选择事项
booking-assist-times = 看时间
booking-assist-none = 眼下没有空的时段
booking-assist-name = 姓名
booking-assist-do = 确认代约
booking-assist-phone-wrong = 请填写 11 位手机号
booking-assist-name-missing = 请填写姓名，不超过 40 个字
booking-assist-slot-missing = 请选一个时间
booking-assist-slot-gone = 这个时间刚刚没有了，请另选一个
flash-assist-warn-open = 代约好了。注意：这个居民的同一事项已有预约
flash-assist-warn-day = 代约好了。注意：这个居民当天的预约已到上限
flash-assist-warn-overlap = 代约好了。注意：这个居民同一时间还有别的预约
flash-assist-warn-blocked = 代约好了。注意：这个居民的网上预约正在暂停

flash-appointment-changed = 改好了
flash-hold-renewed = 又为您留了一会儿
flash-hold-ended = 已经不能再延长了
flash-hold-released = 已经放开这个时间
flash-waiting-joined = 已加入候补
flash-waiting-left = 已不再候补
flash-appeal-sent = 申诉已提交
flash-assisted = 代约好了，已通知居民

inbox-appointment-changed = 已改时间：{ $item }，{ $when }，{ $hall }
inbox-appointment-missed = 约好的时间没有来：{ $hall }。来不了时请提前取消，把时间让给别人
inbox-booking-blocked = 因为几次约了没有来，{ $hall }的网上预约暂停到 { $until }。可以申诉
inbox-waiting-offer = 有名额了：{ $item }，{ $when }，{ $hall }。请尽快确认
inbox-waiting-expired = { $day }{ $hall }的候补名额没有确认，已给下一位

booking-title-more = { $title } 等 { $count } 项
booking-relative = { $name }（{ $relation }）
flash-change-too-late = 离预约的时间太近，不能在网上改了，请打大厅电话
