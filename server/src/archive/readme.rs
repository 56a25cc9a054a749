//! What an archive says of itself.

/// The text beside the data.
pub const README: &str = "\
这是什么
========
一个社区在 Linli 邻里里的全部资料，不用 Linli 也能读。

manifest.json   哪个社区、什么时候存的、每张表多少行、每个文件的校验和（SHA-256）
tables/*.jsonl  每张表一个文件，每行一条 JSON；UTF-8。时间是 UTC 微秒，是非是 0 和 1，id 相同的就是同一个
files/photos/   上报和公告的照片：photos/<id 前 8 位>/<id>/full.jpg，redacted.jpg 是打了码的
files/files/    公告的附件（PDF）

主要的表：organisation 机构（社区、网格、楼栋），person 人员，role_grant 角色，report 上报，report_event 上报的经过，
notice 公告，hall 大厅，appointment 预约，ticket 号票，ticket_interval 号票的每一段，sign_up 报名，photo 照片。
manifest.json 的 left_out 是没有放进来的表：登录、密钥、任务、审计日志等。

这里面有个人信息：姓名、住处、上报的内容和照片。请像保管纸质档案一样保管，用完销毁。
with_contacts 为 true 时，还有完整的手机号和邮箱；为 false 时只有 138****0001 这样的。

核对：linli archive --check <文件夹或 zip>，或者对照 manifest.json 用 sha256sum 逐个核对。


What this is
============
Everything that one community has in Linli, to be read without Linli.

manifest.json   which community, when, how many rows each table has, and a checksum (SHA-256) of each file
tables/*.jsonl  a file for each table, a JSON object on each line; UTF-8. Instants are microseconds in UTC, yes and no are
                1 and 0, and what has the same id is the same thing
files/photos/   photos of reports and notices: photos/<first 8 of the id>/<id>/full.jpg; redacted.jpg has parts blacked out
files/files/    files of notices (PDF)

The main tables: organisation (community, grids, buildings), person, role_grant, report, report_event, notice, hall,
appointment, ticket, ticket_interval, sign_up, photo. `left_out` in manifest.json names the tables that are not here: sessions,
keys, jobs, the audit log and others.

There is personal data in it: names, homes, what people reported, their photos. Keep it as you would keep paper files, and
destroy it when you are done. With `with_contacts` true, mobile numbers and mail addresses are in it in full; otherwise only as
138****0001.

To check it: linli archive --check <folder or zip>, or compare each file's sha256sum with manifest.json.
";
