# Booking: several items in one visit, keeping a time, changing, waiting, booking for residents

booking-colon = {": "}
booking-together = In this visit as well:
booking-remove-item = Leave out
booking-add-item = Anything else in the same visit?
booking-add-item-note = These can be done at the same window in one go; the times add up.
booking-view-days = By day
booking-view-list = Next free times
booking-views = How to look
booking-length = About { $minutes } minutes: { $slots } times in a row at one window.
booking-too-short = Too short
booking-too-short-text = This day has no run of times long enough for all of it. Choose another day, or come twice.
booking-full-wait = Full · waiting list
booking-not-kept = This time is not kept for you
booking-pressure = Many people are choosing times just now. Sign in to go on; nothing you chose is lost.
booking-too-often = You have chosen times very often. Please try again in a while.

booking-hold-until = This time is kept for you until { $time }
booking-hold-left = Kept for you for %
booking-hold-over = The time is no longer kept. You can still confirm if a place is left.
booking-hold-gone = This time is not kept for you any more. If a place is left you can still confirm it, or choose another time.
booking-hold-renew = Keep it longer
booking-hold-release = Give this time up
booking-sign-in-confirm = Sign in to confirm

booking-for-whom = For a relative, or with a need?
booking-for-relative = I come for a relative
booking-for-name = Relative's name
booking-for-relation = Relation to you
booking-for-relation-hint = Such as mother or husband
booking-for-consent = My relative knows and agrees that I come for them and give their name
booking-for-name-missing = Enter the relative's name, up to 40 characters
booking-for-relation-missing = Enter the relation, up to 40 characters
booking-for-consent-missing = Your relative has to agree: please tick
booking-for-name-short = For
booking-for-whom-short = for { $who }
booking-need = What you need
booking-need-hint = Such as { $examples }
booking-need-wheelchair = wheelchair
booking-need-sign = sign language
booking-need-home = a visit at home
booking-need-long = No more than 200 characters

booking-trouble-blocked = Booking online is paused until { $until } because booked visits were missed. You can call, or come to the hall.
booking-see-block = See why, or object

booking-change = Change the time
booking-change-title = Change the time
booking-change-now = Booked now: { $when }. It stays yours until the new time is confirmed.
booking-change-do = Change to this time
flash-change-not-standing = This visit was checked in, cancelled or is over; it cannot be changed.
booking-reason-hint = Choose one, or write your own
booking-reason-busy = Something came up
booking-reason-papers = Documents not ready
booking-reason-done = Already settled
booking-reason-ill = Not feeling well

booking-wait-join = Join the waiting list
booking-wait-sign-in = Sign in to wait
booking-wait-text = You can wait: when somebody cancels, people are told in order and the place is kept for a while.
booking-wait-not-full = This day still has free times: choose one.
booking-wait-title = Waiting list
booking-wait-state-waiting = You are waiting; we will tell you when a place is free
booking-wait-state-offered = A place is free
booking-wait-state-booked = Booked
booking-wait-state-left = You no longer wait
booking-wait-state-expired = This wait is over
booking-wait-day = Day
booking-wait-until = Kept for you until { $time }
booking-wait-accept = Take this time
booking-wait-decline = No, ask the next person
booking-wait-leave = Leave the list
booking-wait-how = When somebody cancels, people are told in order. You can leave at any time.
booking-waiting = Waiting
booking-waiting-offer = Please answer

booking-block-title = Booking online is paused
booking-block-lead = Booking online at { $hall } is paused until { $until }.
booking-block-counter = You can still take a number at the hall, or call { $phone } and have staff book for you.
booking-block-missed = Missed visits
booking-appeal = Objection
booking-appeal-hint = Say what happened; staff will read it
booking-appeal-send = Send the objection
booking-appeal-wrong = Write a few words, no more than { $max } characters
booking-appeal-sent = Your objection was sent; staff are looking at it.
booking-appeal-lifted = Your objection was accepted; the pause is over.
booking-appeal-kept = Your objection was read; the pause stays.

booking-find = Find a booking by phone number and code
booking-find-title = Find a booking
booking-find-lead = Without signing in: with the phone number and the code of the booking.
booking-find-phone = Phone number
booking-find-code = Booking code
booking-find-do = Find
booking-find-none = Nothing found
booking-find-none-text = This number and code do not belong together. Please check both.

booking-assist-title = Book for a resident
booking-assist-lead = For somebody on the phone or at the desk. Places for this come first, then public ones.
booking-assist-choose = Choose an item
booking-assist-times = Show times
booking-assist-none = No free times just now
booking-assist-name = Name
booking-assist-do = Book for them
booking-assist-phone-wrong = Enter an 11-digit mobile number
booking-assist-name-missing = Enter the name, up to 40 characters
booking-assist-slot-missing = Choose a time
booking-assist-slot-gone = That time has just gone; choose another
flash-assist-warn-open = Booked. Note: they already have a booking for this item
flash-assist-warn-day = Booked. Note: they have reached the bookings for that day
flash-assist-warn-overlap = Booked. Note: they have another booking at that time
flash-assist-warn-blocked = Booked. Note: their online booking is paused

flash-appointment-changed = Changed
flash-hold-renewed = Kept for you a little longer
flash-hold-ended = It cannot be kept any longer
flash-hold-released = That time is free again
flash-waiting-joined = You are on the waiting list
flash-waiting-left = You no longer wait
flash-appeal-sent = Objection sent
flash-assisted = Booked; the resident has been told

inbox-appointment-changed = Changed: { $item }, { $when }, { $hall }
inbox-appointment-missed = You missed a booked visit at { $hall }. Please cancel when you can't come, so that others can
inbox-booking-blocked = Booking online at { $hall } is paused until { $until } after missed visits. You can object
inbox-waiting-offer = A place is free: { $item }, { $when }, { $hall }. Please answer soon
inbox-waiting-expired = Your place on the waiting list for { $day } at { $hall } went to the next person

booking-title-more = { $title } and more ({ $count } in all)
booking-relative = { $name } ({ $relation })
flash-change-too-late = Too close to the visit to change it online; please call the hall
