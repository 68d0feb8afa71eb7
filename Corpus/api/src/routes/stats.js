'use strict'

const db = require('../db')
const { requireUser } = require('../middleware/require-user')

module.exports = function stats (router) {
  router.get('/stats', requireUser, async (req, res) => {
    const { rows } = await db.query('SELECT state, count(*) FROM vehicles WHERE owner_id = $1 GROUP BY state', [req.user.id])
    res.json(rows)
  })
}
