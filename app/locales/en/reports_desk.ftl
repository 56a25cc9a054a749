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

# The list of reports
desk-filter-today = Due today
desk-filter-unassigned = Nobody sent yet
desk-filter-verify = For me to verify
desk-filter-category = By minor category
desk-filter-owner = By handler
desk-filter-channel = By source
desk-filter-more = Search and filter
desk-filter-do = Filter
desk-filter-off = Remove “{ $name }”
desk-filters-on = Filters in use
desk-search = Search text, place or code
desk-first-page = First page
desk-next-page = Next page
desk-pages = Pages
desk-keys = Keys: j / k down and up, Enter opens, x ticks, / searches, Esc back to the list
desk-changed = The list has changed
desk-ticked-changed = Changed since you ticked it
desk-detail = The report
desk-loading = Opening…
desk-failed = It did not open. Check the network and try again.
desk-pick = Select { $code }
desk-bulk = Several at once
desk-bulk-legend = With all that are ticked:
desk-bulk-nothing = Tick some reports first, then choose what to do.
desk-bulk-forbidden = This one is not yours to decide
desk-bulk-sum = { $step }: { $done } done, { $not } not.
desk-bulk-done = Done
desk-bulk-not = Not done
desk-bulk-back = Back to the reports
desk-bulk-to-hint = Only people who can go to all of these places
desk-bulk-words = What to say (it is written on each of them)
desk-bulk-do = { $step }: { $count }

# Figures
desk-statistics = Figures about reports
desk-stat-filed = Filed
desk-stat-due = Due
desk-stat-closed = Closed
desk-stat-on-time = Closed on time
desk-stat-suspended = Suspended
desk-stat-overdue = Overdue
desk-stat-reworked = Reworked
desk-stat-extended = Extended
desk-stat-returned = Handed back
desk-stat-rated = Rated
desk-stat-satisfied = Satisfied
desk-by-community = By community
desk-by-grid = By grid
desk-by-major = By major category
desk-by-category = By minor category
desk-by-owner = By unit
desk-by-channel = By source
desk-stat-neighbours = Grid workers and volunteers (together)
desk-stat-none = No grid
desk-stat-sum = Together
desk-stat-this-month = This month
desk-stat-last-month = Last month
desk-stat-ninety-days = Last 90 days
desk-stat-this-year = This year
desk-stat-closing-rate = Closing rate
desk-stat-on-time-rate = On-time rate
desk-stat-rework-rate = Rework rate
desk-stat-extension-rate = Extension rate
desk-stat-return-rate = Return rate
desk-stat-satisfaction = Satisfaction
desk-stat-median = Median time to close
desk-stat-hours = { $hours } h
desk-stat-period = Period
desk-stat-place = Place
desk-stat-from = From
desk-stat-to = To
desk-stat-do = Count
desk-stat-by = Told apart
desk-stat-caption = Choose a number to see its reports. In the order of names: this is no ranking.
desk-stat-xlsx = Download (xlsx)
desk-stat-csv = Download CSV
desk-stat-rules = How these are counted
desk-stat-rule-due = Due: reports whose deadline lies in the period, and those with an earlier deadline that were not closed before it began. Rejected, withdrawn and merged ones are not counted. The deadline is the owner’s, or the resident’s while there is no owner.
desk-stat-rule-closed = Closing rate = closed ÷ due, e.g. 54,540 ÷ 55,165 = 98.87%.
desk-stat-rule-on-time = On-time rate = closed on time ÷ (due − suspended). Open overdue reports count against both rates.
desk-stat-rule-others = Rework rate = closed ones that failed a verification ÷ closed; extension rate = those with a granted extension ÷ due; return rate = those handed back ÷ due; satisfaction = four and five stars ÷ closed ones with a rating; time runs from filing to closing. Units, places and kinds are counted; people are never ranked.
desk-stat-report = Report
desk-stat-state = State
desk-stat-deadline = Deadline
desk-stat-closed-at = Closed at
desk-stat-more = Only the first { $shown } are listed.
desk-stat-count = { $count } in all.
desk-stat-behind = The reports behind this number

# Tasks without a signal
desk-dispatch-left = To be sent: { $left }
desk-unsent = Not sent yet: { $n }
desk-unsent-waiting = Is sent by itself when there is a signal
desk-unsent-refused = Not done: open it to see how it stands now
desk-unsent-after = Not sent, because the step before it was not done
desk-unsent-drop = Understood, do not send
desk-unsent-full = This phone has no room for it. Please send it when there is a signal.
