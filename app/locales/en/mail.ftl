# Mail and reminders

mail-subject = { $text }
mail-body =
    { $text }

    See it on this page:
    { $link }

    --
    Linli
    You get this because you gave Linli this address. To stop these letters:
    { $stop }
mail-title = E-mail reminders
mail-lead = With an address we write to you the day before and two hours before a visit, and when the waiting list has a place for you. It works without one too: every reminder is in your messages.
mail-address = E-mail address
mail-address-hint = We send a letter first; tap the link in it to confirm
mail-address-kept = Kept encrypted and used only to remind you of your own matters, and for the notices you ask for under Following and alerts.
mail-save = Send the confirmation
mail-now = Address in use
mail-pending = Not confirmed yet: please open the letter to { $address } and tap its link.
mail-confirmed = Confirmed
mail-forget = Stop e-mail reminders
mail-forget-consequence = The address is deleted; reminders stay in your messages only.
mail-forget-do = Delete the address
mail-error-empty = Please enter an e-mail address
mail-error-shape = This does not look like an e-mail address, such as name@example.org
mail-error-limit = Too many confirmation letters; please try again later
mail-off-title = E-mail is not set up here
mail-off-text = All reminders are in your messages.
mail-confirm-title = Confirm your address
mail-confirm-lead = Use { $address } for reminders of your visits and waiting lists?
mail-confirm-do = Confirm
mail-link-old = This link no longer works
mail-link-old-text = The address may have been changed since. Send yourself a new letter under Me › E-mail reminders.
mail-stop-title = No more letters
mail-stop-lead = We will not send reminders to your mailbox any more. They stay in your messages.
mail-stop-do = Stop
mail-stopped = Stopped
mail-stopped-text = No more letters will come. To start again, go to Me › E-mail reminders.
people-email = E-mail reminders
flash-email-sent = The confirmation is on its way; please tap the link in it
flash-email-confirmed = Address confirmed: we will write to remind you
flash-email-forgotten = Address deleted
inbox-email-confirm = Please confirm: this address is to get reminders from Linli.
inbox-appointment-tomorrow = Reminder: { $item }, { $when }, { $hall }. If you can't come, one tap gives the place to somebody else.
inbox-appointment-soon = Soon: { $item }, { $when }, { $hall }. Please bring your documents. If you can't come, one tap cancels.

# The page of a reminder
windows-reminder-title = Your visit is near
windows-reminder-cannot = I can't come
windows-reminder-cannot-text = One tap cancels this visit and gives the place to somebody else. It does not count as missed.
windows-reminder-come = I will come; see the visit
windows-reminder-too-late = Your time has come: it cannot be cancelled online any more. Please call the hall: { $phone }
windows-reminder-reason = Can't come
