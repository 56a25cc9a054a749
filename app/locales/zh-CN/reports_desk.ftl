# 案件工作台、任务、统计

# 类别建议
desk-classifier = 类别建议准不准
desk-classifier-text = Linli 从本地已结案的案件里学习，给出最多三个类别建议。它只建议，不替人决定。
desk-because = 因为：{ $words }
desk-and = 、
desk-try = 试一试
desk-try-do = 看看建议
desk-no-guess = 看不出是哪一类，请人来选。
desk-trainings = 每晚学习的结果
desk-untrained = 还没有学习过
desk-untrained-text = 每天夜里三点学习一次。在那之前，按类别的提示词给建议。
desk-trained-at = 时间
desk-learned = 学习件数
desk-tested = 检验件数
desk-first-right = 第一个就对
desk-three-right = 前三个里有

# 案件列表
desk-filter-today = 今天到期
desk-filter-unassigned = 还没派人
desk-filter-verify = 等我核查
desk-filter-category = 按小类
desk-filter-owner = 按处置人
desk-filter-channel = 按来源
desk-filter-more = 搜索和筛选
desk-filter-do = 筛选
desk-filter-off = 去掉“{ $name }”
desk-filters-on = 正在用的筛选
desk-search = 搜索内容、位置或编号
desk-first-page = 回第一页
desk-next-page = 下一页
desk-pages = 分页
desk-keys = 键盘：j / k 上下，Enter 打开，x 勾选，/ 搜索，Esc 回到列表
desk-changed = 列表有更新
desk-ticked-changed = 勾选后有变化
desk-detail = 案件详情
desk-loading = 正在打开……
desk-failed = 没有打开，请检查网络再试一次
desk-pick = 选中 { $code }
desk-bulk = 批量办理
desk-bulk-legend = 对勾选的几件一起：
desk-bulk-nothing = 请先勾选案件，再选要做什么。
desk-bulk-forbidden = 这件不归您办
desk-bulk-sum = { $step }：{ $done } 件办好了，{ $not } 件没有办成。
desk-bulk-done = 办好了
desk-bulk-not = 没办成
desk-bulk-back = 回到案件
desk-bulk-to-hint = 只列出这几件都能去的人
desk-bulk-words = 要说的话（每一件都会写上）
desk-bulk-do = { $step }：{ $count } 件

# 统计
desk-statistics = 案件统计
desk-stat-filed = 上报数
desk-stat-due = 应结案
desk-stat-closed = 结案
desk-stat-on-time = 按期结案
desk-stat-suspended = 挂账
desk-stat-overdue = 超期未结
desk-stat-reworked = 返工
desk-stat-extended = 延期
desk-stat-returned = 退件
desk-stat-rated = 评价
desk-stat-satisfied = 满意
desk-by-community = 按社区
desk-by-grid = 按网格
desk-by-major = 按大类
desk-by-category = 按小类
desk-by-owner = 按责任单位
desk-by-channel = 按来源
desk-stat-neighbours = 网格员和志愿者（合计）
desk-stat-none = 没有网格
desk-stat-sum = 合计
desk-stat-this-month = 本月
desk-stat-last-month = 上月
desk-stat-ninety-days = 近 90 天
desk-stat-this-year = 今年
desk-stat-closing-rate = 结案率
desk-stat-on-time-rate = 按期结案率
desk-stat-rework-rate = 返工率
desk-stat-extension-rate = 延期率
desk-stat-return-rate = 退件率
desk-stat-satisfaction = 满意率
desk-stat-median = 办结用时（中位数）
desk-stat-hours = { $hours } 小时
desk-stat-period = 时间
desk-stat-place = 范围
desk-stat-from = 从
desk-stat-to = 到
desk-stat-do = 统计
desk-stat-by = 怎么分
desk-stat-caption = 点数字看是哪几件。按名称排列，不是排名。
desk-stat-xlsx = 下载表格（xlsx）
desk-stat-csv = 下载 CSV
desk-stat-rules = 这些数怎么算
desk-stat-rule-due = 应结案：时限落在这段时间里的案件，加上时限更早、这段时间开始时还没结案的。不予受理、撤回、并案的不算。时限以处置人的为准，还没派人的以上报时的为准。
desk-stat-rule-closed = 结案率 = 结案 ÷ 应结案，例如 54540 ÷ 55165 = 98.87%。
desk-stat-rule-on-time = 按期结案率 = 按期结案 ÷（应结案 − 挂账）。超期未结的案件两个率都要算进去。
desk-stat-rule-others = 返工率 = 有过返工的结案 ÷ 结案；延期率 = 批准过延期的 ÷ 应结案；退件率 = 退过件的 ÷ 应结案；满意率 = 四星和五星 ÷ 有评价的结案；用时从上报算到结案。只统计单位、地方和类别，不给个人排名。
desk-stat-report = 案件
desk-stat-state = 状态
desk-stat-deadline = 时限
desk-stat-closed-at = 结案时间
desk-stat-more = 只列出前 { $shown } 件。
desk-stat-count = 共 { $count } 件。
desk-stat-behind = 这个数里的案件

# 任务，没有信号时
desk-dispatch-left = 派遣{ $left }
desk-unsent = 还没发出去：{ $n } 步
desk-unsent-waiting = 有信号后自动发送
desk-unsent-refused = 没有办成，请打开看看现在怎样
desk-unsent-after = 前一步没有办成，这一步没有发出去
desk-unsent-drop = 知道了，不再发送
desk-unsent-full = 这台手机存不下，请等有信号时再提交。
