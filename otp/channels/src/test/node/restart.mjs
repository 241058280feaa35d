// The unmodified phoenix.js while its server is killed and started again: says "joined", waits to be
// cut off, and says "joined again" when its channel answers once more.
import assert from 'node:assert/strict'
import { LongPoll } from 'phoenix'
import WebSocket from 'ws'
import { check, open, outcome, until } from './check.mjs'

const transport = process.argv[3] === 'longpoll' ? LongPoll : WebSocket
const socket = open(process.argv[2], {}, { transport })
const channel = socket.channel('room:reply', {})
await check('joined', async () => {
  assert.equal((await outcome(channel.join()))[0], 'ok')
})
await check('cut off', () => until(() => channel.state === 'errored'))
await check('joined again', async () => {
  await until(() => channel.state === 'joined')
  assert.deepEqual(await outcome(channel.push('echo', { e: 5 })), ['ok', { e: 5 }])
})
process.exit(0)
