/** The running program with a data directory of its own, and made-up people for it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = path.resolve(import.meta.dirname, '../../..')
const dll = path.join(root, 'api/bin/Debug/net10.0/WeChatUnion.Api.dll')
const patience = 120_000

export interface Program {
  /** Where it answers. */
  url: string
  /** Where its stand-in for WeChat answers. */
  standIn: string
  end(): Promise<void>
}

export async function startProgram(): Promise<Program> {
  if (!existsSync(dll)) {
    throw new Error('The program is not built: run `dotnet build api` first.')
  }

  const [port, standInPort] = await freePorts()
  const data = mkdtempSync(path.join(tmpdir(), 'union-contract-'))
  const child = spawn('dotnet', [dll], {
    cwd: path.join(root, 'api'),
    env: {
      ...process.env,
      ASPNETCORE_ENVIRONMENT: 'Development',
      ASPNETCORE_URLS: `http://127.0.0.1:${port}`,
      DemoStandInPort: String(standInPort),
      Data__Directory: data,
      Staff__PasswordIterations: '10',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  child.stdout.on('data', chunk => said.push(String(chunk)))
  child.stderr.on('data', chunk => said.push(String(chunk)))
  const end = async () => {
    await kill(child)
    rmSync(data, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  try {
    await ready(url, child)
  } catch (error) {
    await end()
    throw new Error(`${String(error)}\n${said.join('')}`)
  }

  return { url, standIn: `http://127.0.0.1:${standInPort}`, end }
}

/** One plain exchange over HTTP, without the client. */
export function exchange(method: string, url: string, header: Record<string, string> = {}, body?: string): Promise<{ status: number, header: http.IncomingHttpHeaders, text: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers: { ...header, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) } }, response => {
      const parts: Buffer[] = []
      response.on('data', part => parts.push(part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, header: response.headers, text: Buffer.concat(parts).toString() }))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** A code that the phone of this user would be given. */
export async function codeFor(program: Program, kind: 'login-codes' | 'phone-codes', user: string, phone?: string): Promise<string> {
  const answer = await exchange('POST', `${program.standIn}/__ctl/${kind}`, { 'content-type': 'application/json' }, JSON.stringify({ user, phone }))
  return (JSON.parse(answer.text) as { code: string }).code
}

/** A made-up ID number of 新乡县 with its check character (GB 11643). */
export function idNumber(sequence: number): string {
  const digits = `41072119900307${String(sequence).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0)
  return digits + '10X98765432'[sum % 11]
}

async function freePorts(): Promise<[number, number]> {
  const servers = [net.createServer(), net.createServer()]
  const ports = await Promise.all(servers.map(server => new Promise<number>(resolve =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port)))))
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return [ports[0]!, ports[1]!]
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + patience
  while (Date.now() < until) {
    if (child.exitCode !== null) {
      throw new Error(`The program ended with ${child.exitCode}.`)
    }

    const answer = await exchange('GET', `${url}/health/ready`).catch(() => null)
    if (answer?.status === 200) {
      return
    }

    await sleep(100)
  }

  throw new Error('The program did not become ready.')
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode === null) {
    const gone = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await gone
    clearTimeout(late)
  }
}
