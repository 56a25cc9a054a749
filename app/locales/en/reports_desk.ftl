# Dispatch desk, tasks, statistics

# Proposed categories
desk-classifier = How good the proposed categories are
desk-classifier-text = Linli learns from this deployment’s own closed reports and proposes up to three categories. It proposes; people decide.
desk-because = Because: { $words }
desk-and = , {""}
desk-try = Try it
desk-try-do = Show proposals
desk-no-guess = No idea which category this is: please choose one.
desk-trainings = What each night’s training gave
desk-untrained = Nothing learned yet
desk-untrained-text = It learns every night at three. Until then the hint words of the categories are used.
desk-trained-at = When
desk-learned = Learned from
desk-tested = Tested on
desk-first-right = First right
desk-three-right = In first three
