'use strict'

const { Router } = require('express')
const bcrypt = require('bcrypt')
const jwt = require('jsonwebtoken')
const db = require('../db')

const router = Router()

router.post('/register', async (req, res, next) => {
  try {
    const hash = await bcrypt.hash(req.body.password, 10)
    const { rows } = await db.query(
      'INSERT INTO users (email, password_hash) VALUES ($1, $2) RETURNING id, email',
      [req.body.email, hash]
    )
    res.status(201).json(rows[0])
  } catch (error) {
    next(error)
  }
})

router.post('/login', async (req, res) => {
  const { rows } = await db.query('SELECT id, password_hash FROM users WHERE email = $1 AND deleted_at IS NULL', [req.body.email])
  const user = rows[0]
  if (!user || !(await bcrypt.compare(req.body.password, user.password_hash))) {
    return res.status(401).json({ error: 'Wrong e-mail or password' })
  }
  const token = jwt.sign({ id: user.id }, process.env.JWT_SECRET)
  res.json({ token })
})

router.post('/forgot-password', async (req, res) => {
  await db.query('INSERT INTO password_resets (user_id) SELECT id FROM users WHERE email = $1', [req.body.email])
  res.sendStatus(202)
})

module.exports = router
