# 各页共用的词

product-name = 邻里
skip-to-content = 跳到正文
back = 返回
choose-community = 选择社区
demo-mark = 演示
size-large = 大字
size-ordinary = 标准字
language-other = English
emergency-label = 紧急通知
nav-label = 主导航
nav-home = 首页
nav-services = 办事
nav-report = 上报
nav-me = 我的
nav-staff-today = 今日
nav-staff-notices = 公告
nav-staff-appointments = 预约
nav-staff-reports = 案件
nav-volunteer = 任务
unread-count = { $count } 条未读
hotline-label = 社区电话
time-just-now = 刚刚
time-minutes-ago = { $count } 分钟前
time-hours-ago = { $count } 小时前

role-resident = 居民
role-volunteer = 志愿者
role-grid-worker = 网格员
role-community-staff = 社区工作者
role-unit = 责任单位
role-supervisor = 街道 / 区
role-admin = 管理员

# 出错时
error-not-found-title = 没有找到这一页
error-not-found-text = 链接可能写错了，或者内容已经撤下。
error-forbidden-title = 您没有这一页的权限
error-forbidden-text = 这一页属于别的社区或别的岗位。如果您认为不该这样，请联系社区管理员。
error-conflict-title = 情况有变
error-conflict-text = 刚才有人先一步做了改动，请返回查看最新情况。
error-bad-request-title = 没有看懂这次提交
error-bad-request-text = 提交的内容不完整或格式不对，请返回重试。
error-too-many-title = 操作太频繁
error-too-many-text = 请过 { $seconds } 秒再试。
error-too-large-title = 内容太大
error-too-large-text = 这次发送的内容超过了能收的大小，没有保存。照片单张请不超过 25 MB，一次最多 9 张。
error-cross-site-title = 已拦下一次可疑提交
error-cross-site-text = 这次提交不是从本站页面发出的。请回到本站重新操作。
error-unavailable-title = 暂时忙不过来
error-unavailable-text = 请稍等片刻再试一次。刚才提交的内容可能没有保存，再提交一次不会重复。
error-internal-title = 出了点问题
error-internal-text = 我们已经记下这次错误，请稍后再试。
error-request-id = 错误编号：{ $id }
error-go-home = 回到首页

# 没有网络时
offline-title = 现在没有网络
offline-text = 手机没有连上网络，这一页暂时打不开。
offline-drafts = 没有显示“已提交”的内容还没有送出。有信号后请再试一次。
offline-try-again = 再试一次
