# Words that every page shares

product-name = Linli
skip-to-content = Skip to content
back = Back
choose-community = Choose community
demo-mark = Demo
size-large = Large type
size-ordinary = Standard type
language-other = 中文
emergency-label = Emergency notice
nav-label = Main
nav-home = Home
nav-services = Services
nav-report = Report
nav-me = Mine
nav-staff-today = Today
nav-staff-notices = Notices
nav-staff-appointments = Bookings
nav-staff-reports = Cases
nav-volunteer = Tasks
unread-count = { $count } unread
hotline-label = Community phone
time-just-now = just now
time-minutes-ago = { $count } min ago
time-hours-ago = { $count } h ago

role-resident = Resident
role-volunteer = Volunteer
role-grid-worker = Grid worker
role-community-staff = Community staff
role-unit = Responsible unit
role-supervisor = Street / district
role-admin = Administrator

# When something goes wrong
error-not-found-title = Page not found
error-not-found-text = The link may be mistyped, or the content has been taken down.
error-forbidden-title = This page is not yours to open
error-forbidden-text = It belongs to another community or another job. If you think that is wrong, ask the community's administrator.
error-conflict-title = Something changed
error-conflict-text = Somebody was a moment quicker. Go back to see how it stands now.
error-bad-request-title = We could not read that
error-bad-request-text = What was sent is incomplete or malformed. Please go back and try again.
error-too-many-title = Too many tries
error-too-many-text = Please try again in { $seconds } seconds.
error-too-large-title = Too large
error-too-large-text = This is more than we can take, and nothing was saved. Photos: at most 25 MB each and 9 at a time, please.
error-cross-site-title = Suspicious request stopped
error-cross-site-text = This was not sent from a page of ours. Please go back to our site and try again.
error-unavailable-title = Too busy right now
error-unavailable-text = Please try again in a moment. What you sent may not have been saved; sending it again does not make it count twice.
error-internal-title = Something went wrong
error-internal-text = We have noted the error. Please try again later.
error-request-id = Error number: { $id }
error-go-home = Go to the home page

# Without a signal
offline-title = No connection
offline-text = Your phone is offline, so this page cannot be opened right now.
offline-drafts = Anything not marked as submitted has not been sent. Please try again when you have a signal.
offline-try-again = Try again
