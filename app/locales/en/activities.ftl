# Signing up for activities

activity-when = When
activity-where = Where
activity-seats = Seats
activity-until = Sign up until
activity-seats-left = { $seats } in all, { $free } left
activity-title = Sign up
activity-no-sign-up = No need to sign up: just come.
activity-closed = Sign-up has closed.
activity-free = { $count ->
    [one] One seat left.
   *[other] { $count } seats left.
}
activity-full = All seats are taken. You can wait for one: when somebody cancels, the next in line moves up.
activity-full-waiting = { $count ->
    [one] All seats are taken and one sign-up is waiting. When somebody cancels, the next in line moves up.
   *[other] All seats are taken and { $count } sign-ups are waiting. When somebody cancels, the next in line moves up.
}
activity-sign-in = Log in to sign up
activity-sign-up = Sign up
activity-wait = Join the waiting list
activity-phone-known = We use the number you logged in with; there is nothing to fill in.
activity-people = How many are coming
activity-people-count = { $count ->
    [one] 1 person
   *[other] { $count } people
}
activity-you-are-in = { $count ->
    [one] You are signed up, 1 person.
   *[other] You are signed up, { $count } people.
}
activity-you-wait = { $count ->
    [one] You are number { $place } on the waiting list, 1 person. When there is a seat you move up and are told.
   *[other] You are number { $place } on the waiting list, { $count } people. When there are seats you move up and are told.
}
activity-change = Change the number of people
activity-change-do = Change it
activity-leave = Cancel my sign-up
activity-leave-text = Your seats go to those who wait.
activity-leave-waiting-text = You give up your place on the waiting list.
activity-elsewhere = There is a correction: sign up in the newest notice
activity-calendar = Add to my calendar
activity-signed = Signed up
activity-waiting = Waiting
activity-cancelled = Cancelled
activity-off = Called off
activity-mine = My sign-ups
activity-mine-none = No activities yet
activity-mine-none-text = See what is on in your community.
activity-mine-next = Coming up
activity-mine-past = Earlier
activity-see-all = See activities
activity-ics-description = An activity of { $source }. More: { $link }
activity-feed-name = Activities of { $place }
activity-feed-all = Linli activities
activity-feed-link = Subscribe to activities in a calendar
activity-alarm = Begins in two hours: { $title }

# Staff
activity-door = Who signed up: { $title }
activity-door-open = Who signed up, and checking in
activity-door-caption = In the order of signing up; those who wait come last
activity-door-numbers = People
activity-door-numbers-text = { $seats } seats, { $signed } signed up, { $waiting } waiting, { $came } here
activity-door-none = Nobody has signed up yet
activity-door-none-text = Whoever signs up is listed here, to be ticked at the door.
activity-name = Name
activity-no-name = (no name given)
activity-phone = Phone
activity-asked = Signed up
activity-came = At the door
activity-came-do = Here
activity-came-at = Here { $time }
activity-came-undo = Undo
activity-csv = Download the table (CSV)
activity-field = The activity (times, seats)
activity-field-hint = With begin and end it appears in the calendar of activities; with seats, residents can sign up.
activity-field-place-en = Where (English)
activity-field-seats-hint = Empty: nobody needs to sign up
activity-field-most = People in one sign-up at most
activity-field-most-hint = Empty: 1; at most 5
activity-field-until-hint = Empty: until it begins
activity-error-long = An activity lasts { $days } days at most
activity-error-until = Sign-up cannot end after the activity begins
activity-error-number = Please enter a whole number from { $least } to { $most }
activity-conflict-people = That is more people than one sign-up may have.
activity-conflict-closed = Sign-up has closed, or the activity was called off.
activity-conflict-full = The waiting list is full, too. Please look out for the next time.
activity-conflict-more = There are not enough seats left for so many more. Your sign-up stands as it was.
activity-conflict-name = Please tell us your name before you sign up.
activity-conflict-begun = The activity has begun or was called off: there is nothing to cancel any more.

# Inbox
inbox-activity-up = A seat became free and you are signed up: { $title }
inbox-activity-changed = The activity you signed up for has changed: { $title }
inbox-activity-off = The activity you signed up for was called off: { $title }

flash-activity-signed = You are signed up
flash-activity-waiting = You are on the waiting list and will be told when there is a seat
flash-activity-left = Your sign-up is cancelled
flash-activity-ticked = Noted
