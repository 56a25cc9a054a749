# Service halls: items, times, appointments, tickets, check-in

windows-area-social = Social security
windows-area-civil = Civil affairs and relief
windows-area-family = Birth and family
windows-area-mass = Trade union and disability

windows-title = Services
windows-lead = See what to bring, pick a time, and be served when you come.
windows-search = Search services
windows-search-hint = e.g. lost social security card
windows-choose-hall = Choose a hall
windows-item-note = { $official } · about { $minutes } min
windows-found = { $count ->
    [one] 1 service found
   *[other] { $count } services found
}
windows-nothing-found = No such service found
windows-nothing-found-text = Try another word, such as “card” or “allowance”, or call your community.
windows-show-all = Show all services
windows-hours-and = , {""}
windows-today-open = Today { $hours }
windows-today-closed = Closed today ({ $reason })
windows-today-unknown = Today’s holiday arrangement is not published yet; please call to make sure

# An item
windows-questions = A few questions settle what to bring
windows-yes = Yes
windows-no = No
windows-show-materials = Show what to bring
windows-bring = What to bring
windows-bring-hint = Tick what is ready; your ticks stay with the booking.
windows-bring-hint-open = Some questions above are open, so everything you might need is listed.
windows-material-if-yes = Only if you answer “Yes” to “{ $question }”
windows-material-if-no = Only if you answer “No” to “{ $question }”
windows-material-copies = { $count ->
    [one] Plus 1 photocopy.
   *[other] Plus { $count } photocopies.
}
windows-sentence-gap = {" "}
windows-facts = Where and how long
windows-fact-item = Service
windows-fact-when = Time
windows-fact-where = Place
windows-fact-who = Booked by
windows-fact-minutes = At the window
windows-fact-how-long = Done in
windows-fact-fee = Fee
windows-fact-result = You get
windows-fact-basis = Legal basis
windows-fact-cancel-reason = Why cancelled
windows-fact-outcome = Outcome
windows-fact-clerk-note = Clerk's note
windows-minutes = about { $minutes } minutes
windows-call-hall = Call the hall
windows-choose-time = Choose a time

# Choosing a time
windows-times-title = Choose a time
windows-step-bring = What to bring
windows-step-time = Time
windows-step-confirm = Confirm
windows-which-day = Which day
windows-other-day = Another day
windows-day-today = Today, { $weekday }
windows-day-tomorrow = Tomorrow, { $weekday }
windows-day-after = { $weekday }
windows-left = { $count } left
windows-full = Full
windows-day-full = This day is full. Please choose another.
windows-none-free = There is no free time at the moment. Look again in a few days, or call the hall: { $phone }.
windows-closed-day-off = Closed
windows-closed-holiday = Closed: { $name }
windows-closed-unknown = This year’s holiday arrangement is not published yet, so it cannot be booked
windows-closed-unknown-short = Not yet open
windows-unknown-year = Next year’s holidays and make-up working days are not published yet. Those days can be booked once they are.
windows-morning = Morning
windows-afternoon = Afternoon
windows-next-step = Next

# Confirming
windows-confirm-title = Confirm your booking
windows-change = Change
windows-tick = Is everything ready?
windows-tick-hint = Tick what is ready. You can book before everything is; just bring it along.
windows-book = Confirm booking
windows-book-instead = Book this time instead
windows-other-time = See other times
windows-next-free = Next free times
windows-trouble = Not booked yet
windows-trouble-full = This time has just been taken. Here are the next free ones; your ticks are kept.
windows-trouble-not-offered = This time has passed or is no longer offered. Here are the next free ones; your ticks are kept.
windows-trouble-open = You already have a booking for this service. You can book again once it is done or cancelled.
windows-trouble-per-day = At most { $max } bookings on one day. Please choose another day.
windows-trouble-overlap = You have another booking at this time. Please choose another time.
windows-see-booking = See that booking

# Ticket
windows-ticket-title = Your booking
windows-state-booked = Booked
windows-state-checked-in = Checked in
windows-state-cancelled = Cancelled
windows-state-done = Done
windows-state-no-show = Did not come
windows-ticket-booked = Show this code or the QR code at the hall
windows-ticket-checked-in = You are checked in. Please wait near window { $window }
windows-ticket-cancelled = This booking is cancelled
windows-ticket-done = Done
windows-ticket-no-show = Nobody came for this booking
windows-window = Window { $number }
windows-qr = QR code of this booking, for staff to scan at check-in
windows-calendar = Add to calendar
windows-to-guide = Service guide
windows-material-ready = Ready
windows-material-not-ready = Not ticked
windows-cancel = Cancel booking
windows-cancel-consequence = The time will go to somebody else. This cannot be undone.
windows-cancel-reason = Why do you cancel?
windows-cancel-do = Yes, cancel it
windows-cancel-until = In the last { $hours } hours before it begins, please call the hall to cancel: { $phone }.
windows-not-cancelled = Not cancelled
windows-cancel-too-late = It is too close to the time to cancel online. If you cannot come, please call the hall: { $phone }.
windows-cancel-not-standing = This booking is checked in or over; there is nothing to cancel.
windows-cancel-long = Please use at most { $max } characters for the reason.
windows-book-again = Book another time

# My appointments
windows-mine-title = My appointments
windows-upcoming = Coming up
windows-past = Earlier
windows-none-upcoming = No booking yet
windows-none-upcoming-text = Book a time first, and be served when you come.
windows-go-book = Book a service

# Home
windows-next-today = Today’s appointment · { $time }
windows-next-later = Next appointment · { $when }
windows-next-note = { $hall }, code { $code }

# Staff
windows-desk-title = Appointments
windows-today = Today
windows-day-before = Day before
windows-day-next = Next day
windows-came = Came
windows-no-hall = Your community has no service hall
windows-no-hall-text = Halls are set up by the subdistrict.
windows-day-empty = No appointments on this day
windows-day-caption = { $count ->
    [one] 1 appointment, by time
   *[other] { $count } appointments, by time
}
windows-column-time = Time
windows-column-person = Resident
windows-column-item = Service
windows-column-window = Window
windows-column-materials = Materials
windows-column-state = State
windows-column-do = Action
windows-materials-ready = { $ready } of { $needed } ticked
windows-check-in = Check in
windows-check-in-code = Check in by code
windows-check-in-hint = The 6 characters on the ticket, in any case
windows-check-in-not-a-code = A code has 6 letters and digits; please look at the ticket again
windows-check-in-unknown = There is no booking with this code
windows-check-in-other-hall = This booking is at { $hall }, not here
windows-check-in-other-day = This booking is for { $date }, not for today
windows-check-in-cancelled = This booking was cancelled
windows-check-in-over = This booking is over
windows-waiting-today = Appointments today
windows-waiting-today-note = Not checked in yet; the earliest is at { $time }

flash-appointment-booked = Booked
flash-appointment-cancelled = Cancelled. The time goes to somebody else.
flash-appointment-checked-in = Checked in

inbox-appointment-booked = Booked: { $item }, { $when }, { $hall }
inbox-appointment-cancelled = Cancelled: { $item }, { $when }, { $hall }
inbox-appointment-checked-in = Checked in: { $item }, { $when }, { $hall }. Please wait to be called.

# Calendar file
windows-ics-summary = { $item } ({ $hall })
windows-ics-description = Code { $code }, window { $window }. Bring: { $materials }
windows-ics-alarm-day = Tomorrow: { $item }
windows-ics-alarm-hours = In two hours: { $item }
windows-list-and = , {""}

# By life event
windows-life = What has happened?
windows-life-all = All services
windows-life-baby = A new baby
windows-life-work = Work and insurance
windows-life-moving = New here
windows-life-lost-papers = Lost papers
windows-life-illness = Illness or disability
windows-life-hardship = Hard times
windows-life-retirement = Retirement
windows-life-old-age = Old age
windows-share = Share
windows-copy-link = Copy link
windows-print = Print the list
windows-at-hall = At { $hall }
