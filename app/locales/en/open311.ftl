# Open311: words that other systems read
open311-contact = Please ask the system administrator of the subdistrict office.
open311-key-service = Keys are given out by the system administrator; please ask the subdistrict office.
open311-attribute-building = Building or landmark
open311-attribute-place = Exact place, such as the door of unit 3
open311-attribute-number = The other system's number
open311-promise-urgent = Dealt with in { $count } { $count ->
    [one] hour
   *[other] hours
} round the clock
open311-promise-hours = Dealt with in { $count } working { $count ->
    [one] hour
   *[other] hours
}
open311-promise-days = Dealt with in { $count } working { $count ->
    [one] day
   *[other] days
}
open311-notice = To be dealt with by { $due }
