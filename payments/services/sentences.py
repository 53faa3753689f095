"""An order is where its payments are."""

from wallet.services.sentences.base import Sentence

ORDERS = (
    Sentence(
        name="an_order_is_where_its_payments_are",
        says="an open order has no live payment, and a paid one exactly one paid payment",
        words="待支付的订单没有进行中的支付，已支付的订单有且仅有一笔成功的支付",
        broken="""
            SELECT o.number FROM payments_order AS o
            JOIN payments_payment AS p ON p.order_id = o.id
            WHERE o.state = 'OPEN' AND p.state IN ('REQUESTED', 'WAITING')
            UNION ALL
            SELECT o.number FROM payments_order AS o
            LEFT JOIN payments_payment AS p ON p.order_id = o.id AND p.state = 'PAID'
            WHERE o.state = 'PAID'
            GROUP BY o.id HAVING count(p.id) <> 1""",
        nightly=True,
    ),
)
