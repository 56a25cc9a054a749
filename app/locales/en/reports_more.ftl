# Reports: the list for residents, similar ones nearby, waiting to be sent

reports-more-list = Problems in the community
reports-more-list-lead = What people reported and how far it is. Nobody's name is ever shown here.
reports-more-list-choose = Choose a community to see what people reported.
reports-more-list-empty = Nothing reported here
reports-more-list-empty-text = Try another filter; if you see a problem, a photo is enough to report it.
reports-more-filters = Filter by kind, grid and time
reports-more-filter-over = Finished
reports-more-filter-time = By time
reports-more-filter-days = { $count } days
reports-more-feed = Subscribe (Atom)
reports-more-feed-of = { $place }: reports by residents
reports-more-map = See them on a map
reports-more-map-hint = A dot is a report, at its building or grid; without the filter for closed ones, those that are open. The list below has the same.
reports-more-map-pick = Choose on a map
reports-more-map-pick-hint = Tap a building, or a free spot to mark it. You can report without the map.
reports-more-map-label = Plan of the community
reports-more-map-in = Zoom in
reports-more-map-out = Zoom out
reports-more-list-none-text = Nobody has reported anything here yet. When you see something broken, blocked or unsafe, a photo is enough.
reports-more-list-all = Show all
reports-more-map-list = Places on the map
reports-more-map-count = { "{n}" } reports
reports-more-map-failed = The map did not open; please check the network. The list below holds the same.

reports-more-nearby = Somebody reported the same kind of problem nearby
reports-more-nearby-hint = If it is the same, tap “Me too”: you are counted and told the news. Your name is not shown.
reports-more-join = Me too
reports-more-leave = Stop following
reports-more-joined = You have this problem too; we tell you the news.
reports-more-followers = { $count ->
    [one] 1 more person has it
   *[other] { $count } more people have it
}
reports-more-different = It is different, send mine
reports-more-nearby-title = Is it one of these?
reports-more-conflict-own = This is your own report; there is no need to join it.
reports-more-conflict-over = This one is finished. If the problem is back, please report it again.
flash-report-joined = You are counted in; we tell you the news.
flash-report-left = You no longer follow this report.

reports-more-outbox = Reports kept on this phone
reports-more-outbox-draft = Not finished
reports-more-outbox-waiting = Waiting to be sent
reports-more-outbox-sending = Sending
reports-more-outbox-sent = Sent
reports-more-outbox-failed = Not sent
reports-more-outbox-go-on = Go on writing
reports-more-outbox-remove = Delete
reports-more-outbox-removed = Deleted.
reports-more-outbox-undo = Undo
reports-more-outbox-photos = { "{n}" } photo(s)
reports-more-outbox-without = { $n } photo(s) could not be taken; everything else goes. { $why }
reports-more-outbox-untitled = Nothing written yet
reports-more-outbox-queued = There is no signal now. Your report is kept on this phone and sent by itself later; no need to tap again.
reports-more-outbox-kept = Kept on this phone
reports-more-outbox-unable = There is no signal, and this browser cannot keep the report. Please leave this page open and send it later.
reports-more-outbox-busy = The service is busy. It is kept on this phone and goes by itself in a while; no need to tap again.
reports-more-outbox-foreign = Whoever wrote this has signed out. It is kept on this phone and goes when they sign in again.
reports-more-outbox-others = Reports by somebody else on this phone: { "{n}" }. They are shown and sent when whoever wrote them signs in, never in your name.
reports-more-outbox-unnamed = Written without signing in; goes by itself when you sign out
reports-more-outbox-as-mine = Send it in my name

# Blacking out
reports-more-redact = Black out parts of a photo
reports-more-redact-open = Black out
reports-more-redact-check = Before it is public, look for faces, number plates, door numbers and names. Nothing is blacked out automatically.
reports-more-redact-how = Drag over what is to be covered; or fill in numbers below, in percent of the photo's width and height.
reports-more-redact-alt = Photo to be checked
reports-more-redact-row = Part { $n }
reports-more-redact-x = Left %
reports-more-redact-y = Top %
reports-more-redact-width = Width %
reports-more-redact-height = Height %
reports-more-redact-release = Show this photo to the public as well
reports-more-redact-send = Black out
reports-more-redact-final = Afterwards everybody sees the photo with these parts covered, for good. The original stays with the community for evidence; every look at it is recorded.
reports-more-redact-original = See the original (recorded)
reports-more-redact-done = Parts of this photo are covered already; you can add more.
reports-more-redact-error = Please fill in numbers from 0 to 100; width and height cannot be 0.
reports-more-redact-none = Nothing is marked to be covered yet.
reports-more-redact-many = That is too many parts.
flash-report-redacted = Blacked out.

# The reporter's own words and photos
reports-more-own = Change or delete what I wrote and photographed
reports-more-own-edit = Change my words
reports-more-own-edit-send = Save
reports-more-own-remove-words = Delete my words
reports-more-own-remove-words-text = What you wrote, answered and added is deleted at once. The timeline and the code stay; the community may have to ask you again.
reports-more-own-photos = Delete my photos
reports-more-own-photos-text = A photo is deleted at once, for good.
reports-more-own-gone = Deleted by the reporter
reports-more-conflict-edit = The community has accepted it: the words cannot be changed any more. You can add photos, or delete them.
flash-report-words-changed = Changed.
flash-report-own-removed = Deleted.

reports-more-suggest = Chosen from what you wrote:
reports-more-suggest-because = because of

# Collecting on patrol
reports-more-collect = Patrol
reports-more-collect-before = Photos of the place
reports-more-collect-after = Photos afterwards
reports-more-collect-after-hint = If you solved it on the spot, show how it looks now
reports-more-collect-solved = Solved on the spot
reports-more-collect-send = Report it
flash-report-collected = Reported.
flash-report-collected-solved = Noted; somebody else will check it.
inbox-report-followed = News about “{ $category }” ({ $code }), which you said concerns you, too.
