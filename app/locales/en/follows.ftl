# Following and alerts
follow-title = Following and alerts
follow-link = Follow notices and set alerts
follow-lead = Every notice is in your messages first. You can follow more places, and have notices reach you in other ways as well.
follow-places = Places I follow
follow-home-note = Where you live: you are always told
follow-home-none = Say where you live to be told of notices there
follow-remove = Unfollow
follow-row-kind = { $place } · { $kind }
follow-add = Follow another place
follow-add-community = Community
follow-add-show = Show its buildings
follow-add-place = What to follow
follow-add-kind = Kind of notices
follow-kind-all = All notices
follow-place-whole = All of { $place }
follow-add-do = Follow
follow-error-place = Please choose a community or a building
follow-error-many = At most { $count } can be followed; please remove some first
follow-push = Notifications on this phone or computer
follow-push-lead = See new notices without opening the site. Each device is switched on by itself, and stops when you log out.
follow-push-none = This browser cannot do it. Pages opened inside WeChat cannot show notifications: open this page in the phone's own browser; on an iPhone, first add it to the home screen. Nothing is lost without them: every notice is in your messages.
follow-push-on = Notify me on this device
follow-push-off = Stop notifying this device
follow-push-done = Done: new notices will show on this device.
follow-push-ended = This device is no longer notified.
follow-push-denied = The browser did not allow notifications. Allow them in its settings for this site and try again.
follow-push-failed = It could not be switched on; please try again later.
follow-push-since = Since { $when }
follow-push-remove = Stop
follow-how = How to reach me
follow-channel-push = Notification
follow-channel-email = E-mail
follow-channel-sms = SMS
follow-mail = E-mail
follow-mail-to = Send notices to { $address }
follow-mail-note = Every letter has a link that stops them with one tap; reminders of visits go on
follow-mail-none = To get notices by e-mail, first give and confirm an address.
follow-mail-give = Give an address
follow-mode = How often
follow-mode-now = Each notice at once
follow-mode-daily = One letter a day
follow-mode-daily-note = The day's notices in one letter; emergencies still come at once
follow-daily-hour = Hour of the daily letter
follow-sms-title = SMS
follow-sms-do-send = Text me emergencies
follow-sms-note = Of notices only emergencies are texted, at night as well; your own bookings and sign-ups have reminders of their own
follow-kinds = Kinds to alert me to
follow-kinds-hint = Others only go to your messages. Emergencies always alert you.
follow-quiet-from = Quiet from
follow-quiet-until = Quiet until
follow-quiet-hint = What is published in these hours waits until they end, except emergencies. The same hour twice means no quiet hours.
follow-save = Save
follow-error-hour = Please choose an hour
follow-error-mode = Please choose at once or one letter a day
follow-own = What is kept of this page
follow-export = Download it (JSON)
follow-forget = Remove everything
follow-forget-text = Places you follow, alert settings and notified devices are deleted. Notices of where you live still come to your messages.
follow-forget-do = Remove everything
follow-stop-title = No more notices by e-mail
follow-stop-lead = We will not send notices to your mailbox any more. They stay in your messages, and reminders of visits still come.
follow-stop-do = Stop notices
follow-stopped = Stopped
follow-stopped-text = No more notices will come by e-mail; reminders of visits go on. To start again, go to Me › Following and alerts.
flash-follow-saved = Saved
flash-follow-added = Followed
flash-follow-removed = Unfollowed
flash-follow-forgotten = Everything was removed
flash-follow-push-removed = That device is no longer notified

# Notices as they go out
follow-mail-title = [{ $kind }] { $title }
follow-mail-do = What to do: { $instruction }
follow-mail-fact = { $label }: { $value }
follow-mail-body =
    { $title }
    { $source }

    { $body }

    The whole notice:
    { $link }

    --
    Linli
    You get this because you asked for notices by e-mail. To stop them (reminders of visits go on):
    { $stop }
follow-daily-subject = Notices of the last day ({ $count }): { $first }
follow-daily-item =
    { $title }
    { $source }
    { $body }
    { $link }
follow-daily-body =
    Notices of the last day: { $count }

    { $list }

    --
    Linli
    You get this because you asked for notices in one e-mail a day. To stop them (reminders of visits go on):
    { $stop }
follow-sms = { $kind }: { $title }. More: { $link }
follow-sms-do = { $kind }: { $title }. { $instruction }. More: { $link }

# For staff: how messages fare
sent-waiting = Notices that did not reach everybody
sent-link = Deliveries
sent-title = Deliveries: { $title }
sent-not-begun = Sending has not begun.
sent-telling = Being sent: in the messages of { $people } people so far.
sent-told = In the messages of { $people } people.
sent-cleared = What became of each message is kept for 90 days; these are gone.
sent-caption = Messages by channel
sent-column-channel = Channel
sent-column-delivered = Delivered
sent-column-waiting = Waiting
sent-column-retrying = Retrying
sent-column-sending = Sending
sent-column-failed = Failed
sent-column-unsure = Unsure
sent-column-dropped = Dropped
sent-column-what = Outcome
sent-column-count = Number
sent-column-reason = Answer
sent-channel-inbox = Messages
sent-reasons = Why they failed
sent-failure-retrying = Being tried again
sent-failure-temporary = Given up after several tries
sent-failure-permanent = Refused
sent-failure-unsure = Nobody knows whether it arrived
sent-failure-overtaken = Corrected, withdrawn or over before it went
sent-failure-stopped = No longer wanted
sent-again = Send the failed ones again
sent-again-text = { $count } did not arrive. Sending again helps once the reason below is mended.
sent-again-unsure = Send the unsure ones again
sent-again-unsure-text = For { $count } nobody knows whether they arrived (the line broke while sending). Sent again, some people may get it twice.
flash-sent-again = Queued: they go again at once
sent-reasons-caption = Messages by reason
sent-only-inbox = Nothing was sent besides: whoever it reached has no other alerts, or not for this kind of notice.
sent-reason-overtaken = It was corrected, withdrawn or over before it went
sent-reason-no-account = The account is gone
sent-reason-no-mail = Notices by e-mail are not wanted any more
sent-reason-no-sms = SMS are not wanted any more
sent-reason-no-browser = The device was switched off or logged out
sent-reason-browser-ended = The browser takes no more notifications; it was removed from the list
sent-reason-server-stopped = A server stopped while it was sending this
sent-reason-not-made = The message could not be made; the log says why
follow-stop-bad = This link is not complete
follow-stop-bad-text = Please open it from the letter again, or switch e-mail off under Me › Following and alerts.
