# Open311：别的系统读到的文字
open311-contact = 请联系街道办事处的系统管理员。
open311-key-service = 密钥由系统管理员发放，请向街道办事处申请。
open311-attribute-building = 楼栋或地标
open311-attribute-place = 具体位置，例如三单元门口
open311-attribute-number = 对方系统的编号
open311-promise-urgent = { $count } 个紧急工作时内办结
open311-promise-hours = { $count } 个工作时内办结
open311-promise-days = { $count } 个工作日内办结
open311-notice = { $due }前办结
