'use strict'

// An HTTP client with the same verbs as a server: nothing here is a route.
const axios = require('axios')

const client = axios.create({ baseURL: 'https://weather.example.com' })

module.exports = { forecast: place => client.get('/forecast', { params: { place } }) }
