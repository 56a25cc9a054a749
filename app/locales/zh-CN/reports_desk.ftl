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
