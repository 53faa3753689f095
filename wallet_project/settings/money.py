"""What the business may turn: amounts in fen, times in seconds."""

from wallet_project.settings import env

# closed_loop: one merchant's prepaid wallet. licensed: everything on, needs the licence's number.
WALLET_MODE = env.choice("WALLET_MODE", ("closed_loop", "licensed"), "closed_loop")
LICENCE_REF = env.text("LICENCE_REF", "")

TOP_UP_MIN = 1
TOP_UP_MAX = 500_000
BILL_MAX = 5_000_000
PAYEES_MAX = 20  # cards and accounts that one customer keeps
ORDER_MIN = 1
ORDER_MAX = 5_000_000

# A red packet goes back after a day. How many shares: a hundred, as people know it; a merchant may allow 500.
RED_PACKET_MAX = 20_000_00
RED_PACKET_SHARE_MAX = 200_00
RED_PACKET_SHARES_MAX = env.integer("RED_PACKET_SHARES_MAX", 100, most=500)
RED_PACKET_LIFETIME_SECONDS = 24 * 3600

# Without a PIN, where the customer wished it: the most they may choose for a payment and for a day.
SMALL_PAYMENT_MAX = 200_00
SMALL_PAYMENTS_DAY_MAX = 500_00

ORDER_LIFETIME_SECONDS = 30 * 60
# WeChat keeps a prepay id for two hours; ours ends with the order, but whoever began in time has a minute.
PAYMENT_LIFETIME_SECONDS = 30 * 60
SHORTEST_PAYMENT_SECONDS = 60

# Closing an account: a rest this small may be given up instead of being paid out; time to think it over.
CLOSURE_SMALL_REST_MAX = 100
CLOSURE_COOLING_SECONDS = env.integer("CLOSURE_COOLING_SECONDS", 7 * 24 * 3600)

# What WeChat charges for a payment by our contract, in hundredths of a percent: 60 is 0.6 %.
WECHAT_FEE_BASIS_POINTS = env.integer("WECHAT_FEE_BASIS_POINTS", 0, least=0, most=1_000)

# Which colour of a customer's balance pays an order first: what was given, or all in proportion.
SPENDING = env.choice("SPENDING", ("given_first", "in_proportion"), "given_first")

# How many phones one customer may ask about in a day, looking for somebody to pay.
PAYEE_LOOKUPS_A_DAY = 30

# From this amount on a withdrawal waits for a member of staff.
WITHDRAWAL_REVIEW_FROM = 1_000_00
WITHDRAWAL_MIN = 10

# When withdrawals stop themselves: more in a Beijing day than this, or an hour far above the same hour of the
# last fourteen days (mean and three standard deviations) once it is above the floor.
WITHDRAWALS_DAY_TRIP = env.integer("WITHDRAWALS_DAY_TRIP", 500_000_00)
WITHDRAWALS_HOUR_TRIP_FROM = env.integer("WITHDRAWALS_HOUR_TRIP_FROM", 20_000_00)
# So many callbacks in a minute that are not proven to be WeChat's raise an alarm.
REJECTED_CALLBACKS_A_MINUTE = 60

# What one member of staff may propose to put right by hand in a day, in both directions together.
ADJUSTMENTS_DAY_MAX = 5_000_00

# What one member of staff may give customers in a day, points and coupons at their worth; and what a customer
# gets in thirty days without a second one.
GOODWILL_DAY_MAX = 300_00
GOODWILL_ALONE_MAX = 50_00

# How many days before a coupon ends its owner is told.
COUPON_REMINDER_DAYS = 3
# Up to so many fen of coupons, at their face, one member of staff gives alone; above it another one agrees.
COUPON_GRANT_ALONE_MAX = 200_00

# Asking others for money, before it is nagging: open at once, a day, and a day from the same person.
REQUESTS_OPEN_AT_ONCE = 50
REQUESTS_A_DAY = 30
REQUESTS_A_DAY_FROM_ONE = 3
SPLITS_A_DAY = 10

# What goes back of one order without a second look: at the word of its shop, and of one member of staff. What
# a payer gets at their own word is the seller's to say (refunds_at_once_up_to).
SHOP_REFUND_ALONE_MAX = 5_000_00
STAFF_REFUND_ALONE_MAX = 1_000_00
# WeChat slows down whoever makes more refund requests that fail in a second (doc 4012791862).
REFUND_ERRORS_PER_SECOND = 6
