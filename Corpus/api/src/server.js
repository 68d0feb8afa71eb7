'use strict'

const express = require('express')
const authRoutes = require('./routes/auth')
const vehicleRoutes = require('./routes/vehicles')
const paymentRoutes = require('./routes/payments')
const stats = require('./routes/stats')
const { requireUser } = require('./middleware/require-user')

const app = express()
const api = express.Router()

app.use(express.json())
app.get('/health', (req, res) => res.send('ok'))

api.use('/auth', authRoutes)
api.use('/vehicles', requireUser, vehicleRoutes)
api.use('/payments', paymentRoutes)
stats(api)

app.use('/api/v1', api)

app.listen(process.env.PORT || 3000)
