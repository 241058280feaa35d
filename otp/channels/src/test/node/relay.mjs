// A TCP relay that can be cut, and one through which no WebSocket passes: it swallows the handshake.
import net from 'node:net'

export const relay = async (target, { swallowUpgrades = false } = {}) => {
  const pairs = new Set()
  let cut = false
  const server = net.createServer((near) => {
    if (cut) return near.destroy()
    const far = net.connect(target, '127.0.0.1')
    pairs.add(near)
    const end = () => {
      near.destroy()
      far.destroy()
      pairs.delete(near)
    }
    near.on('error', end).on('close', end)
    far.on('error', end).on('close', end)
    near.on('data', (bytes) => {
      if (!(swallowUpgrades && /upgrade: websocket/i.test(bytes.toString('latin1')))) far.write(bytes)
    })
    far.pipe(near)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: server.address().port,
    cut: () => {
      cut = true
      for (const near of pairs) near.destroy()
    },
    mend: () => (cut = false),
    close: () => {
      for (const near of pairs) near.destroy()
      server.close()
    },
  }
}
