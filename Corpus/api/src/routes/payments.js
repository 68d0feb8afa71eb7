'use strict'

const { Router } = require('express')
const Stripe = require('stripe')
const db = require('../db')
const { requireUser } = require('../middleware/require-user')

const stripe = new Stripe(process.env.STRIPE_SECRET_KEY)
const router = Router()

router.post('/checkout', requireUser, async (req, res) => {
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    client_reference_id: String(req.user.id),
    line_items: [{ price: process.env.STRIPE_PRICE, quantity: 1 }]
  })
  res.json({ url: session.url })
})

router.post('/webhook', async (req, res) => {
  const event = stripe.webhooks.constructEvent(req.body, req.get('stripe-signature'), process.env.STRIPE_WEBHOOK_SECRET)
  if (event.type === 'checkout.session.completed') {
    await db.query(
      "INSERT INTO payments (user_id, amount_cents, currency, status) VALUES ($1, $2, $3, 'paid')",
      [event.data.object.client_reference_id, event.data.object.amount_total, event.data.object.currency]
    )
  }
  res.sendStatus(200)
})

module.exports = router
