'use strict'

const jwt = require('jsonwebtoken')

function requireUser (req, res, next) {
  try {
    req.user = jwt.verify(req.get('authorization').slice(7), process.env.JWT_SECRET)
    next()
  } catch (error) {
    res.status(401).json({ error: 'Sign in first' })
  }
}

module.exports = { requireUser }
