# 读公告：上次以来、离线、电视屏、嵌入

notice-near-building = 您这栋楼
notice-near-grid = 您的网格
notice-is-new = 新
notices-changed = 您 { $when } 看过之后，有 { $count } 条新的或有更正。
notices-unchanged = 您 { $when } 看过之后，没有新公告。
notices-changed-only = 只看这些
notices-seen-line = 以下上次都有

# 没有网络也能看的最近公告
kept-title = 最近的公告
kept-lead = 最近 { $count } 条公告在这一页上。手机会存下它，没有网络也能看。
kept-none = 现在没有公告。
kept-contents = 目录
kept-top = 回到目录
offline-notices = 看存在手机上的公告

# 电视屏
board-none = 现在没有公告
board-scan = 扫码看全文
board-turn = 第 { $number } 条，共 { $count } 条
board-lost = 暂时没有网络，下面是先前的内容
board-phone = 社区电话 { $phone }
board-instruction = 请这样做
screens-title = 屏幕、嵌入和订阅
screens-open = 屏幕、嵌入和订阅
screens-lead = 把公告放到大厅和电梯的电视上、别的网页里、日历和阅读器里。这些地址都只有公开的公告。
screens-communities = 哪个社区
screens-board = 电视屏
screens-board-text = 在电视的浏览器里打开，全屏。公告轮流显示，紧急公告会马上占满屏幕。
screens-board-open = 打开整个社区的电视屏
screens-buildings = 单栋楼的电视屏（电梯里）
screens-embed = 嵌入别的网页
screens-embed-text = 把这一行放进网页。不用脚本，不留 Cookie；kind 后面可以写类别，比如 outage。
screens-embed-see = 看看样子
screens-feeds = 订阅
screens-feed-all = 全部公告（Atom）
screens-feed-kind = { $kind }（Atom）
screens-copy = 复制

# 嵌入的列表
embed-more = 全部公告
embed-none = 现在没有公告。

# 分享的图片
card-alt = { $title }，{ $source }
