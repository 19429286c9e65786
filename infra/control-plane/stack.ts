import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Environment } from '../../catalog/schema.ts'
import { deadLetterQueue } from '../dead-letters.ts'
import { caretakerTable } from '../table.ts'
import { RollOut } from './roll-out.ts'
import { Slack } from './slack.ts'
import { Sweep } from './sweep.ts'

/** `<Environment>ControlPlane`: what looks after the services. It needs no other stack. */
export class ControlPlaneStack extends Stack {
  constructor(scope: Construct, id: string, environment: Environment, props: StackProps) {
    super(scope, id, props)
    const table = caretakerTable(this, 'table')
    const deadLetters = deadLetterQueue(this, 'control-plane')
    const { machine } = new RollOut(this, 'roll-out', {
      environmentName: environment.name,
      table,
      deadLetters,
    })
    new Sweep(this, 'sweep', { rollOut: machine, deadLetters })
    new Slack(this, 'slack', {
      environmentName: environment.name,
      table,
      ...channelsOf(environment),
      deadLetters,
    })
  }
}

function channelsOf({ teams, owner }: Environment) {
  const channels = Object.fromEntries(
    Object.entries(teams).map(([team, { channel }]) => [team, channel]),
  )
  return { channels, defaultChannel: channels[owner] ?? '' }
}
