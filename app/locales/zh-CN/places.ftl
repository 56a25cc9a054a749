# 首页、选社区、工作台

places-home-description = 预约窗口办事、拍照上报问题、查看社区公告。
places-ask-title = 您住在哪个社区？
places-ask-text = 选好社区，就能看到您身边的公告和办事大厅。以后随时可以换。
places-door-services = 预约办事
places-door-services-note = 先约时间，到了就办
places-door-report = 上报问题
places-door-report-note = 拍张照片就行
places-door-notices = 社区公告
places-door-notices-note = 停水停电、活动、政策
places-newest = 最新公告
places-all-notices = 全部
places-notice-pinned = 置顶
places-notice-corrected = 有更正
places-notice-withdrawn = 已撤回

places-choose = 选择社区
places-choose-lead = 选您住的或要办事的社区。
places-current = 现在的
places-none = 还没有社区
places-none-text = 管理员还没有建好机构，请稍后再来。
places-unknown = 没有这个社区
places-unknown-text = 链接或二维码里的社区不存在，可能已经改名。请从列表里选择。

places-today = 今日
places-nothing-waits = 现在没有等您处理的事。
places-late = 超时
places-operation = 系统运行
places-jobs = 后台任务
places-jobs-note = 没做成的投递和任务
places-jobs-caption = 还没做完的任务，失败的在前
places-jobs-none = 没有积压的任务
places-jobs-none-text = 后台任务都做完了。
places-job-kind = 任务
places-job-state = 状态
places-job-attempts = 试过几次
places-job-next = 下次
places-job-error = 上次为什么没成
places-job-dead = 已放弃
places-job-running = 进行中
places-job-queued = 排队中
places-job-done = 已完成
places-audit = 审计日志
places-audit-note = 谁在什么时候做了什么
places-audit-caption = 最新的在前
places-audit-when = 时间
places-audit-who = 谁
places-audit-what = 做了什么
places-audit-object = 对象
places-audit-detail = 详情
places-audit-older = 更早的
places-audit-visitor = 访客
places-audit-system = 系统
places-audit-operator = 运维（命令行）

flash-community-chosen = 已换到这个社区。
