# Writing notices: templates, what each kind needs, pictures and files, versions, review, preview

# Choosing a template
notice-choose-title = What kind of notice?
notice-choose-lead = Choose a kind. The words are begun for you; replace whatever says 〔fill in …〕.
notice-about-outage = Water, power, gas or a lift out of service: from when to when, which buildings, why, where to get water
notice-about-activity = Health checks, talks, get-togethers: when, where, what to bring
notice-about-policy = New rules, subsidies, insurance: whom it concerns, from which day, what changes
notice-about-service = How something is done: where, opening hours, what to bring
notice-about-disclosure = Lists, accounts, works put up for inspection: until when, and where objections go
notice-about-emergency = Rainstorm, fire, gas leak: what to do now, and when it ends

# What each kind needs
notice-when = When
notice-when-deadline = Objections until
notice-when-disclosure = On display
notice-where-objections = Objections to
notice-field-times = When
notice-field-starts-hint-outage = From when to when it is off: both are needed
notice-field-starts-hint-disclosure = The end is the last moment for objections
notice-field-place-objections = Where objections go (office, telephone)
notice-field-place-en = Where, in English
notice-missing-blank = Something that says 〔fill in …〕 is still in it
notice-missing-outage = An outage needs from when to when
notice-missing-activity-time = An activity needs its beginning
notice-missing-activity-place = An activity needs its place
notice-missing-deadline = A disclosure needs the last day for objections
notice-missing-objections = A disclosure needs to say where objections go
notice-missing-late = The time for objections is already over

# Template: outage
template-outage-title = 〔fill in water or power〕 off in 〔fill in buildings〕 on 〔fill in date〕
template-outage-body =
    Because of 〔fill in the reason〕, 〔fill in water or power〕 will be off in 〔fill in buildings〕. Other buildings are not affected.

    Please

    1. store water the evening before (for a power cut: charge your phone, avoid the lift);
    2. check that taps and appliances are off before you go out;
    3. let the water run for a minute or two afterwards.

    If somebody at home is bedridden, newborn or on oxygen, call the community beforehand and we will come.
template-outage-facts =
    Area | 〔fill in buildings and households〕
    Reason | 〔fill in the reason〕
    Water point | 〔fill in where and when; remove for a power cut〕
    Contractor | 〔fill in the company〕
    Community | { $phone }

# Template: activity
template-activity-title = 〔fill in activity〕 on 〔fill in day〕
template-activity-body =
    〔fill in what it is, in a sentence〕. Everybody is welcome.

    - What happens: 〔fill in〕
    - For whom: 〔fill in〕
    - Bring: 〔fill in, or “just yourself”〕

    If it rains: 〔fill in where or when instead〕. We will post a correction here.
template-activity-facts =
    Held by | { $name }, 〔fill in partners〕
    Fee | Free
    Questions | { $phone }

# Template: policy
template-policy-title = 〔fill in policy〕: 〔fill in what changes〕
template-policy-body =
    From 〔fill in date〕, 〔fill in what changes, in a sentence〕.

    ## Whom it concerns

    〔fill in〕

    ## What changes

    - Before: 〔fill in〕
    - Now: 〔fill in〕

    ## What to do

    〔fill in what to do and by when, or “nothing”〕

    Ask at the community's service hall or call the number above.
template-policy-facts =
    Legal basis | 〔fill in document and number〕
    In force from | 〔fill in date〕
    Questions | { $phone }

# Template: service
template-service-title = How to 〔fill in〕
template-service-body =
    ## Bring

    - Your identity card
    - 〔fill in other papers〕

    ## How it works

    1. 〔fill in〕
    2. 〔fill in〕

    A relative may come for somebody who cannot walk well and brings their own identity card, too. If nobody can come, call us and we will visit.
template-service-facts =
    Where | Service hall of { $name }
    When | 〔fill in days and hours〕
    Fee | None
    Questions | { $phone }

# Template: disclosure
template-disclosure-title = For inspection: 〔fill in what〕
template-disclosure-body =
    According to 〔fill in rule〕, 〔fill in what〕 is put up for inspection.

    | Item | Content |
    | --- | --- |
    | 〔fill in〕 | 〔fill in〕 |

    If you object, tell us before the time is over, with your reasons, name and telephone number. We keep them to ourselves and answer within 5 working days.
template-disclosure-facts =
    Put up by | { $name }
    Legal basis | 〔fill in document or meeting〕

# Template: emergency
template-emergency-title = 〔fill in what happens〕: 〔fill in what to do〕
template-emergency-body =
    〔fill in when, where, what happened, what is affected〕

    At once:

    1. 〔fill in〕
    2. 〔fill in〕

    Do not: 〔fill in, such as switching on lights, using the lift〕

    〔fill in meeting point〕 is staffed. Grid workers are visiting people who live alone; if one lives next door, please knock.
template-emergency-facts =
    On duty | { $phone }
    Fire / ambulance | 119 / 120
    Next update | 〔fill in time〕

# The editor
notice-marks = Format the text
notice-mark-bold = Bold
notice-mark-heading = Heading
notice-mark-list = List
notice-mark-link = Link
notice-mark-picture = Picture
notice-mark-sample = words
notice-attach = Pictures and files
notice-audience = For { $places }: about { $households } households; { $people } people get a message
notice-audience-none = Nobody is chosen yet
notice-auto-saving = Saving…
notice-auto-saved = Saved by itself ({ "{time}" })
notice-auto-untitled = It saves itself once it has a title
notice-auto-offline = No connection: kept on this phone, saved as soon as there is one
notice-auto-stale = Somebody else has just changed this notice. What you wrote is still here; theirs was not overwritten.
notice-auto-look = See what they changed
notice-auto-signed-out = You are signed out, so it was not saved. What you wrote is kept on this phone: sign in and come back here.
notice-auto-kept = This phone kept changes of { "{time}" } that were not saved.
notice-kept-restore = Put them back
notice-kept-forget = Drop them
notice-picture-add = Add a picture
notice-picture-file = Picture
notice-picture-alt = What it shows
notice-picture-alt-hint = One sentence for those who cannot see it, such as “The water point in front of Building 3”
notice-picture-send = Add to the text
notice-picture-cancel = Cancel
notice-field-activity-starts = Activity begins
notice-field-activity-ends = Activity ends
notice-yes = yes

# Versions
notice-versions = Versions
notice-versions-link = Versions ({ $count })
notice-versions-caption = The newest first
notice-versions-none = Nothing was saved yet
notice-versions-none-text = Every save keeps a version, and what it changed can always be seen.
notice-version = Version
notice-version-number = Version { $number }
notice-version-by = Saved by
notice-version-at = When
notice-version-how = How
notice-version-auto = by itself
notice-version-saved = by hand
notice-version-changes = What version { $number } changed
notice-version-first = This is the first version.
notice-version-restore = Go back to this version
notice-version-restore-hint = It is saved anew as the latest one; nothing written later is lost.
notice-no-difference = The words are the same.
notice-removed = removed:
notice-added = added:
notice-conflict-restore = Something in that version cannot be used any more, such as a building that is gone. Please change it in the editor.
flash-notice-restored = Restored; please read it again

# Pictures and files
notice-choose-blank = Begin with an empty form
notice-pictures = Pictures
notice-pictures-hint = At most 9. Places and other data in the photos are removed. What the text does not place stands at its end.
notice-picture-number = What picture { $number } shows
notice-picture-describe = Change
notice-picture-in-text = In the text:
notice-picture-at-end = At the end. To place it in the text, write on a line there:
notice-picture-alt-missing = Say in a sentence what it shows, for those who cannot see it
notice-picture-alt-long = At most 120 characters
notice-picture-missing = Choose a picture first
notice-pictures-full = At most 9 pictures
notice-attachment-remove = Remove
notice-attach-done = Done, back to the text
notice-files = Files
notice-files-hint = At most 5 PDF files of 10 MB each. Residents see links to download them.
notice-file = PDF file
notice-file-hint = Residents see its name, such as “Accounts of the third quarter.pdf”
notice-file-add = Add a file
notice-files-full = At most 5 files
flash-notice-picture-added = Picture added
flash-notice-picture-described = Description changed
flash-notice-file-added = File added
flash-notice-attachment-removed = Removed

# Review
notice-state-review = In review
notices-to-review = For me to review
notices-waiting-review = Notices wait for your review
notice-ask = Ask for review
notice-ask-confirm = It goes out once a colleague has approved it: about { $households } households can see it, { $people } people get a message. It cannot be changed meanwhile, but you can call it back.
notice-ask-whom = Colleagues who can review it: { $names }
notice-review-yours = This notice waits for your review. Beside this (on phones below) you see it as residents will.
notice-review-waits = Waits for { $names } to review it.
notice-review-nobody = Nobody but those who wrote it can review it. Please ask the street office to add a colleague.
notice-approve = Approve and publish
notice-approve-confirm = About { $households } households can then see it and { $people } people get a message; with a time set, it goes out by itself then.
notice-return = Give back
notice-return-reason = What must change (the author will see it)
notice-error-return-reason = Say what must change
notice-returned-by = { $who } gave it back ({ $when }):
notice-call-back = Call back
notice-call-back-hint = It cannot be changed in review. Call it back first.
notice-compared-corrected = Compared with the notice it corrects
notice-compared-last = Compared with the last review
notice-conflict-own-review = Somebody else has to review what you wrote in.
notice-conflict-not-in-review = This notice is not in review now. Please go back and look at it again.
notice-settings = Whether notices need a second person
notice-setting-lead = When this is on, every notice but an emergency goes out only after a colleague has looked at it. Emergencies do not wait; colleagues are told.
notice-setting-caption = Organisations in your scope
notice-setting-organisation = Organisation
notice-setting-review = Review
notice-setting-change = Change
notice-setting-on = needed
notice-setting-off = not needed
notice-setting-turn-on = Ask for review
notice-setting-turn-off = Stop asking
inbox-notice-review = { $who } asks you to review a notice: { $title }
inbox-notice-approved = { $who } approved your notice: { $title }
inbox-notice-returned = { $who } gave back “{ $title }”: { $reason }
inbox-notice-called-back = { $who } called a notice back to go on with it: { $title }
inbox-notice-unreviewed = { $who } published an emergency without waiting for review: { $title }
inbox-notice-review-on = { $who } turned review on: notices of { $place } now need a second person
inbox-notice-review-off = { $who } turned review off: notices of { $place } no longer need a second person
flash-notice-asked = Sent to review
flash-notice-returned = Given back; the author is told
flash-notice-called-back = Called back; go on writing
flash-notice-review-on = Saved: review is needed from now on
flash-notice-review-off = Saved: review is not needed any more

# What became of a notice
notice-table-of = Table: { $title }
notice-cap = For warning systems (CAP)
notice-superseded = There is a newer one by now. Correct or withdraw the latest:
notice-corrected-again-by = Corrected again ({ $when }), please go by this one:
notice-correction-withdrawn-by = Its correction was withdrawn ({ $when }):
notice-conflict-corrected = This notice has a correction by now. Please correct or withdraw the latest one.
notice-error-expires-emergency = An emergency is shown until it ends: it cannot expire before that
inbox-notice-held-back = A scheduled correction did not go out, because the notice it corrects has changed: { $title }

# As a resident sees it
notice-seen-link = See it as residents do (choose building and type size)
notice-seen-title = Preview: as somebody in { $place } sees it
notice-seen-building = Building
notice-seen-size = Type
notice-seen-ordinary = Ordinary
notice-seen-large = Large
notice-seen-language = Language
notice-seen-look = Show it so
notice-seen-back = Back to managing
notice-seen-reached = Residents of this building get it
notice-seen-not-reached = Not for this building: residents there do not get it
