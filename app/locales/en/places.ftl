# Home page, choice of a community, staff desk

places-home-description = Book a window service, report a problem with photos, follow the community’s notices.
places-ask-title = Which community do you live in?
places-ask-text = Choose it to see the notices and the service hall near you. You can change it at any time.
places-door-services = Book a service
places-door-services-note = Choose a time, skip the queue
places-door-report = Report a problem
places-door-report-note = A photo is enough
places-door-notices = Community notices
places-door-notices-note = Water and power, activities, policies
places-newest = Newest notices
places-all-notices = All
places-notice-pinned = Pinned
places-notice-corrected = Corrected
places-notice-withdrawn = Withdrawn

places-choose = Choose a community
places-choose-lead = Choose where you live or where you have business.
places-current = Chosen
places-none = No communities yet
places-none-text = The administrator has not set up the organisation yet. Please come back later.
places-unknown = There is no such community
places-unknown-text = The link or QR code names a community that does not exist; it may have been renamed. Please choose from the list.

places-today = Today
places-nothing-waits = Nothing waits for you now.
places-late = Late
places-operation = Operation
places-jobs = Background jobs
places-jobs-note = Deliveries and jobs that have not succeeded
places-jobs-caption = Jobs that are not done, failed ones first
places-jobs-none = No jobs are waiting
places-jobs-none-text = All background jobs are done.
places-job-kind = Job
places-job-state = State
places-job-attempts = Tries
places-job-next = Next
places-job-error = Why it failed last
places-job-dead = Given up
places-job-running = Running
places-job-queued = Queued
places-job-done = Done
places-audit = Audit log
places-audit-note = Who did what and when
places-audit-caption = Newest first
places-audit-when = When
places-audit-who = Who
places-audit-what = What
places-audit-object = On what
places-audit-detail = Detail
places-audit-older = Older
places-audit-visitor = Visitor
places-audit-system = System
places-audit-operator = Operator (command line)

flash-community-chosen = Community changed.
