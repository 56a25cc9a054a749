# Reports: the whole life of one

reports-state-asked = Question asked
reports-state-disputed = Return disputed
reports-state-suspended = Suspended
reports-state-merged = Merged

reports-say-asked = The community has a question for you; work goes on after your answer.
reports-say-disputed = It is not agreed who should do it; the street office is deciding.
reports-say-suspended = It cannot be done at the moment, for the reason below; it will go on as soon as it can.
reports-say-merged = It is the same matter as another report; both are dealt with together.

# Timeline
reports-event-ask = The community asked the reporter something
reports-event-answer = The reporter answered
reports-event-add = The reporter added something
reports-event-merge = Goes on as another report
reports-event-sort = Category changed
reports-event-dispute = Return disputed, for the street office to decide
reports-event-uphold = Street office: the return stands, somebody else is to be sent
reports-event-send-back = Street office: the return does not stand, the same handler goes on
reports-event-extend-ask = The handler asks for more time
reports-event-extend-grant = More time granted
reports-event-extend-refuse = More time refused
reports-event-extend-grant-above = More time granted by the street office
reports-event-extend-refuse-above = More time refused by the street office
reports-event-suspend = Suspended, the clock stands still
reports-event-resume = Resumed, the clock runs again
reports-event-supervise = Supervision order
reports-event-supervise-answer = Supervision order answered
reports-event-confirm = The reporter confirmed that it is solved
reports-event-reopen = The reporter says it is not solved; reopened
reports-event-rate = The reporter rated it

# Steps
reports-do-ask = Ask the reporter
reports-do-answer = Answer
reports-do-add = Add
reports-do-merge = Merge
reports-do-sort = Change category
reports-do-dispute = Dispute the return
reports-do-uphold = The return stands
reports-do-send-back = The return does not stand, send it back
reports-do-extend-ask = Ask for more time
reports-do-extend-grant = Grant more time
reports-do-extend-refuse = Refuse more time
reports-do-extend-grant-above = Grant more time (street)
reports-do-extend-refuse-above = Refuse more time (street)
reports-do-suspend = Suspend
reports-do-resume = Resume
reports-do-supervise = Order supervision
reports-do-supervise-answer = Answer the order
reports-do-confirm = Confirm that it is solved
reports-do-reopen = Not solved, reopen
reports-do-rate = Rate
reports-step-inside = Explanation (residents do not see it)
reports-step-ask-words = What do you want to ask the reporter?
reports-step-suspend-words = Why it cannot be done now (the resident will see this)
reports-step-hours = How many more hours
reports-step-hours-hint = Counted as this category's limit is: working hours, or round the clock; at most { $most }
reports-step-into = Into which report
reports-step-into-hint = Its code. Those who follow this one go with it.
reports-step-category = New category
reports-step-asked = The handler asks for { $hours } more hours: { $reason }

# Why not
reports-obstacle = “{ $step }” is not possible now: { $why }
reports-obstacle-not-returned = it has not been handed back.
reports-obstacle-extension-waits = the last request for more time is not answered yet.
reports-obstacle-extensions = more time was asked for twice already.
reports-obstacle-overdue = the time is over; more time is to be asked for before.
reports-obstacle-unlimited = it has no time limit until the holidays are published.
reports-obstacle-no-extension = no request for more time waits for your level.
reports-obstacle-no-order = no supervision order waits for an answer.
reports-obstacle-confirmed = the reporter has confirmed it already.
reports-obstacle-rated = it has been rated already.
reports-obstacle-long-over = it was closed more than 15 days ago; please file a new one.
reports-error-hours = Please give a whole number from 1 to { "200" }
reports-error-into = There is no such code, or that report is over
reports-error-category-same = Please choose another category
reports-error-stars = Please choose one to five stars

# Messages
inbox-report-ask = About “{ $category }” ({ $code }), the community asks you: { $text }
inbox-report-merge = Your report “{ $category }” ({ $code }) is the same matter as { $into }; they are dealt with together and you will hear of it. { $text }
inbox-report-extend-grant = Your report “{ $category }” ({ $code }) needs some more time. { $text }
inbox-report-suspend = Your report “{ $category }” ({ $code }) cannot be done at the moment: { $text }
inbox-report-resume = Work on your report “{ $category }” ({ $code }) goes on. { $text }
inbox-report-answered = The reporter of “{ $category }” ({ $code }) has answered; please go on.
inbox-report-reopened = The reporter of "{ $category }" (code { $code }) says that it is not solved; it is to be done again.
inbox-report-extension-asked = More time is asked for “{ $category }” ({ $code }); please decide: { $text }
inbox-report-extension-decided = There is an answer to the request for more time for “{ $category }” ({ $code }). { $text }
inbox-report-disputed = The return of “{ $category }” ({ $code }) is disputed; please decide: { $text }
inbox-report-dispute-decided = The street office decided on the return of “{ $category }” ({ $code }): { $text }
inbox-report-supervised = A supervision order for “{ $category }” ({ $code }), please answer: { $text }
inbox-report-supervise-answered = The supervision order for “{ $category }” ({ $code }) was answered: { $text }
inbox-report-soon = The time for “{ $category }” ({ $code }) is nearly over; if you need more, ask before it ends.
inbox-report-overdue = “{ $category }” ({ $code }) is overdue; please see to it.
inbox-report-overdue-owner = “{ $category }” ({ $code }) is overdue; please get it done soon.
inbox-report-overdue-lead = “{ $category }” ({ $code }), which { $owner } has, is overdue; please help it along.

# Settings
flash-report-settings = Saved.
reports-routing = Where reports go
reports-routing-text = From the top, the first rule that fits decides who gets it. It is chosen beforehand when you dispatch; you can change it.
reports-routing-caption = Rules in their order
reports-routing-empty = No rules yet. Add one, and the right person is chosen beforehand.
reports-routing-order = Order
reports-routing-up = Move up
reports-routing-remove = Remove
reports-routing-add = Add a rule
reports-routing-any-category = Any category
reports-routing-anywhere = Anywhere
reports-routing-try = Where would this go?
reports-routing-try-it = Try it
reports-routing-goes-to = It would go to { $name }.
reports-routing-goes-nowhere = No rule fits; whoever dispatches chooses.
reports-limits = Categories and limits
reports-limits-text = These limits are this community's own. When one changes, open reports are counted again; time that stood still stays counted.
reports-limits-amount = Limit
reports-limits-kind = How it counts
reports-limits-major = Major category
reports-limits-photo = Photo to finish
reports-limits-active = In use
reports-limits-save = Save
reports-limits-hours = Hours to dispatch
reports-limits-dispatch = Dispatch limits
reports-limits-error = Please give a whole number from 1 to { $most } and how it counts.
reports-limit-urgent = Hours round the clock
reports-limit-working-hours = Working hours
reports-limit-working-days = Working days
reports-fact-owner-due = Handler's limit
reports-fact-dispatch-due = To be dispatched by
reports-fact-stopped = Clock stands still
reports-fact-stopped-since = since { $since }
reports-fact-returns = Times handed back
reports-fact-reopened = Times reopened
