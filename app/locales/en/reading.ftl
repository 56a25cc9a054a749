# Reading notices: since last time, without a signal, on a television, embedded

notice-near-building = Your building
notice-near-grid = Your grid
notice-is-new = New
notices-changed = { $count ->
    [one] Since your visit on { $when }, one notice is new or corrected.
   *[other] Since your visit on { $when }, { $count } notices are new or corrected.
}
notices-unchanged = Nothing is new since your visit on { $when }.
notices-changed-only = Show only these
notices-seen-line = You could see what follows last time

# The latest notices, kept for when there is no signal
kept-title = Latest notices
kept-lead = { $count ->
    [one] The latest notice is on this page. The phone keeps it for when there is no signal.
   *[other] The latest { $count } notices are on this page. The phone keeps it for when there is no signal.
}
kept-none = There are no notices now.
kept-contents = Contents
kept-top = To the contents
offline-notices = Read the notices kept on this phone

# The television
board-none = There are no notices now
board-scan = Scan to read it all
board-turn = { $number } of { $count }
board-lost = No connection just now; this is from a while ago
board-phone = Community phone { $phone }
board-instruction = What to do
screens-title = Screens, embedding and feeds
screens-open = Screens, embedding and feeds
screens-lead = Notices on a television in the hall or the lift, in other pages, in calendars and feed readers. All of these show public notices only.
screens-communities = Which community
screens-board = Television
screens-board-text = Open it in the television’s browser, full screen. Notices take turns; an emergency takes the whole screen at once.
screens-board-open = Open the screen of the whole community
screens-buildings = Screens of one building (in its lift)
screens-embed = In another page
screens-embed-text = Put this line into the page. It needs no script and sets no cookie; kind takes a kind such as outage.
screens-embed-see = See what it looks like
screens-feeds = Feeds
screens-feed-all = All notices (Atom)
screens-feed-kind = { $kind } (Atom)
screens-copy = Copy

# The embedded list
embed-more = All notices
embed-none = There are no notices now.

# The picture of shared links
card-alt = { $title }, { $source }
