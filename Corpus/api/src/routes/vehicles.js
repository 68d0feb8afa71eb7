'use strict'

const express = require('express')
const db = require('../db')

const router = express.Router({ mergeParams: true })

const wrap = handler => (req, res, next) => handler(req, res, next).catch(next)

async function list (req, res) {
  const { rows } = await db.query('SELECT v.id, v.plate, v.state FROM vehicles v WHERE v.owner_id = $1', [req.user.id])
  res.json(rows)
}

async function create (req, res) {
  const { rows } = await db.query('INSERT INTO vehicles (owner_id, plate) VALUES ($1, $2) RETURNING *', [req.user.id, req.body.plate])
  res.status(201).json(rows[0])
}

async function remove (req, res) {
  await db.query('DELETE FROM vehicles WHERE id = $1 AND owner_id = $2', [req.params.id, req.user.id])
  res.sendStatus(204)
}

router.route('/').get(wrap(list)).post(wrap(create))
router.delete('/:id(\\d+)', wrap(remove))

module.exports = router
