# Supervision: orders (督办) and rectification notices (整改通知).

supervision-title = Supervision
supervision-lead = Supervision orders and rectification notices, each with a number, a deadline, an answer to every finding and a re-check.
supervision-new = Write one
supervision-statistics = Figures
supervision-csv = Take the table out
supervision-tabs = State
supervision-tab-answer = For me to answer
supervision-tab-recheck = For me to re-check
supervision-tab-extension = More time asked of me
supervision-tab-open = Not done
supervision-tab-all = All
supervision-overdue = Overdue
supervision-filter = Filter
supervision-filter-do = Filter
supervision-none = No orders or notices here
supervision-none-text = Try another state or filter.
supervision-caption = Register of orders and notices, newest first
supervision-first-page = First page
supervision-letter-column = Subject and number
supervision-reports-waiting = Orders on reports that wait for an answer: { $count }; they are dealt with on the reports
supervision-kind = Kind
supervision-kind-order = Supervision order
supervision-kind-notice = Rectification notice
supervision-state = State
supervision-state-draft = Draft
supervision-state-issued = To be answered
supervision-state-answered = To be re-checked
supervision-state-done = Done
supervision-state-withdrawn = Withdrawn
supervision-round = Round { $count }
supervision-year = Year
supervision-month = Month
supervision-choose = Choose
supervision-issuer = Issued by
supervision-issued-by = Issued in the name of { $name }
supervision-issued-at = Issued on
supervision-addressee = Addressed to
supervision-company = Unit concerned
supervision-company-hint = Name of a property company, contractor or other unit; leave empty if there is none.
supervision-subject = Subject
supervision-findings = Findings
supervision-findings-hint = One finding per field; photos are added after saving. If you need more fields, save and come back.
supervision-finding = Finding { $number }
supervision-asked = What is asked
supervision-days = Working days to answer
supervision-days-hint = Counted from the day after issue.
supervision-day = Or answer by
supervision-due = Deadline
supervision-wish-days = { $count ->
    [one] within 1 working day after issue
   *[other] within { $count } working days after issue
}
supervision-reports = Reports concerned
supervision-from-report = Write an order or notice about this report
supervision-reports-hint = Codes of reports, with spaces between them; only of the addressee's area.
supervision-draft-hint = It is saved as a draft that only your office sees. It gets its number, and the addressee hears of it, when you issue it.
supervision-save = Save draft
supervision-print = Print the letter
supervision-timeline = What happened
supervision-before = Before
supervision-after = After
supervision-unanswered = Not answered yet
supervision-answered-in = Answer in round { $count }, { $when }
supervision-answer = What was done
supervision-answer-photos = Photos of how it is now (optional)
supervision-photo = Photo { $number }
supervision-photo-add = Add photos to finding { $number }
supervision-photo-send = Add
supervision-photo-remove = Remove photo { $number }
supervision-photo-full = At most { $count } photos for a finding, and 9 at a time.
supervision-photo-trouble = “{ $name }” was not taken: { $reason }
supervision-extension = Extension
supervision-wait-days = { $count ->
    [one] 1 more working day is asked for
   *[other] { $count } more working days are asked for
}
supervision-extend-days = More working days
supervision-extend-hint = At most { $count }, counted from the present deadline.
supervision-reason = Reason
supervision-reason-back = What is not done yet

supervision-say-draft = This is a draft; { $addressee } has not been sent it.
supervision-say-issued = { $addressee } is to answer every finding by { $due }.
supervision-say-overdue = { $addressee } should have answered by { $due }.
supervision-say-answered = { $addressee } has answered; it waits for the re-check.
supervision-say-done = The re-check found it done.
supervision-say-withdrawn = It was withdrawn; nothing more is to be done.

supervision-do-change = Change
supervision-do-issue = Issue
supervision-do-answer = Answer
supervision-do-pass = Re-checked, done
supervision-do-send-back = Send back
supervision-do-extend-ask = Ask for more time
supervision-do-extend-grant = Grant more time
supervision-do-extend-refuse = Refuse more time
supervision-do-withdraw = Withdraw
supervision-event-change = Written or changed
supervision-event-issue = Issued
supervision-event-answer = Answered
supervision-event-pass = Re-checked, done
supervision-event-send-back = Sent back
supervision-event-extend-ask = More time asked for
supervision-event-extend-grant = More time granted
supervision-event-extend-refuse = More time refused
supervision-event-withdraw = Withdrawn
supervision-event-days = { $count ->
    [one] 1 working day
   *[other] { $count } working days
}
supervision-event-due = by { $due }
supervision-issue-about = It gets its number then and cannot be changed any more.
supervision-pass-about = Please look on the spot or at the photos first. Nobody re-checks what they answered themselves.
supervision-message-to = The staff of { $name } will get:
supervision-obstacle-waits = A request for more time waits for a decision.
supervision-obstacle-asked = More time was asked for in this round already.
supervision-obstacle-overdue = The time is over; more cannot be asked for.
supervision-obstacle-none-waits = No request for more time waits for a decision.
supervision-obstacle-own-answer = You wrote the answer; a colleague has to re-check it.
supervision-conflict-changed = It was changed a moment ago. Please reload and try again.
supervision-conflict-issued = It was issued and cannot be changed any more.

supervision-error-kind = Choose a kind.
supervision-error-addressee = Choose a street or community of your own area.
supervision-error-subject = Write a subject.
supervision-error-finding = Write at least one finding.
supervision-error-findings = At most { $count } findings.
supervision-error-asked = Write what is asked.
supervision-error-long = At most { $count } characters.
supervision-error-deadline = Write a number of working days, or choose a day.
supervision-error-deadline-both = Fill in either working days or a day.
supervision-error-days = Write a whole number from 1 to 90.
supervision-error-day = Choose a day from tomorrow to a year ahead.
supervision-error-calendar = The deadline falls into a year whose holidays are not published; choose a day instead.
supervision-error-reports = At most { $count } reports.
supervision-error-report = There is no report { $code } in the addressee's area.
supervision-error-reason = Write a reason.
supervision-error-answer = Write what was done about this finding.
supervision-error-photo-none = Choose photos first.
supervision-error-photo-gone = The photo is no longer there; choose it again.

supervision-letter-order = Supervision Order
supervision-letter-notice = Rectification Notice
supervision-letter-draft = Draft, no number yet
supervision-letter-to = To { $name }:
supervision-letter-to-both = { $addressee } and { $company }
supervision-letter-about = An inspection concerning “{ $subject }” found the following:
supervision-letter-asked = You are asked to do the following:
supervision-letter-due = Please have it done by { $due } and answer every finding in writing. Answers that do not come will be made known.
supervision-letter-seal = (seal)
supervision-letter-withdrawn = This letter was withdrawn: { $reason }
supervision-letter-print = Print it with your browser, on A4 paper.

supervision-figure-issued = Issued
supervision-figure-in-time = Answered in time
supervision-figure-sent-back = Sent back
supervision-figure-done = Done
supervision-figure-overdue = Overdue
supervision-figure-rate = Done rate
supervision-figure-withdrawn = Withdrawn
supervision-figures-all = { $issued } issued, { $done } done: { $rate }.
supervision-figures-none = Nothing has been issued yet
supervision-chart = Issued and done by month
supervision-by-addressee = By addressee
supervision-by-month = By month of issue
supervision-by-both = By addressee and month
supervision-definitions = How these are counted
supervision-means-issued = Issued in the month and not withdrawn. A letter counts once, however often it was sent back, in the month of its first issue.
supervision-means-in-time = The first answer came by the deadline that held then, extensions included.
supervision-means-sent-back = Sent back at least once.
supervision-means-done = The re-check found it done.
supervision-means-overdue = Not answered now, and the deadline is over.
supervision-means-rate = Done ÷ issued, rounded down to a hundredth of a percent: it is not 100% while one is open.
supervision-means-withdrawn = Issued and withdrawn; counts in nothing else.

supervision-export = Supervision
supervision-export-note = One row per letter, by day of issue; no drafts
supervision-column-number = Number
supervision-column-findings = Findings
supervision-column-round = Round
supervision-column-answered = First answered
supervision-column-in-time = In time (1: yes)
supervision-column-returns = Times sent back
supervision-column-done = Done at
supervision-column-withdrawn = Withdrawn at
supervision-data = What you did to supervision orders and notices

supervision-waiting-answer = Supervision to be answered
supervision-waiting-recheck = Supervision to be re-checked
supervision-waiting-extension = Supervision: more time asked for

inbox-supervision-issued = { $issuer } has sent you a letter ({ $kind }), “{ $subject }”. Please answer every finding by { $due }.
inbox-supervision-answered = { $addressee } has answered “{ $subject }” ({ $kind }). Please have it re-checked.
inbox-supervision-passed = “{ $subject }” ({ $kind }) was re-checked and is done.
inbox-supervision-sent-back = Your answer to “{ $subject }” ({ $kind }) was sent back: { $text } Please answer again by { $due }.
inbox-supervision-extend-asked = { $addressee } asks for { $days } more working days for “{ $subject }” ({ $kind }): { $text }
inbox-supervision-extend-granted = You have more time for “{ $subject }” ({ $kind }): until { $due }.
inbox-supervision-extend-refused = You have no more time for “{ $subject }” ({ $kind }): { $text } The deadline is still { $due }.
inbox-supervision-withdrawn = “{ $subject }” ({ $kind }) was withdrawn; nothing more is to be done: { $text }
inbox-supervision-soon = The time for “{ $subject }” ({ $kind }) is nearly over. Please answer every finding by { $due }.
inbox-supervision-overdue = { $addressee } has not answered “{ $subject }” ({ $kind }) by { $due }.

flash-supervision-made = The draft is saved. Add photos to its findings, look it over, then issue it.
flash-supervision-saved = Saved.
flash-supervision-step = Done.
