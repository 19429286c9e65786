import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Catalog } from '../../catalog/schema.ts'
import { deadLetterQueue } from '../dead-letters.ts'
import { Acts } from './acts.ts'
import { Alarms } from './alarms.ts'
import { Budgets } from './budgets.ts'
import { Changes } from './changes.ts'
import { Failures } from './failures.ts'
import { Health } from './health.ts'
import { Notices } from './notices.ts'
import { Pipelines } from './pipelines.ts'
import { RollOut } from './roll-out.ts'
import { Sleep } from './sleep.ts'
import { Sweep } from './sweep.ts'
import { caretakerTable } from './table.ts'
import { Tags } from './tags.ts'

/** `<Environment>ControlPlane`: what looks after the services. Of the others it needs a topic alone. */
export class ControlPlaneStack extends Stack {
  constructor(scope: Construct, id: string, catalog: Catalog, props: StackProps) {
    super(scope, id, props)
    const table = caretakerTable(this, 'table')
    const deadLetters = deadLetterQueue(this, 'control-plane', 'mail')
    const shared = { catalog, table, deadLetters }
    const { machine } = new RollOut(this, 'roll-out', shared)
    const { machine: health } = new Health(this, 'health', shared)
    const { machine: sleep } = new Sleep(this, 'sleep', shared)
    new Sweep(this, 'sweep', { ...shared, rollOut: machine, health, sleep })
    new Changes(this, 'changes', { ...shared, rollOut: machine, sleep })
    new Tags(this, 'tags', shared)
    new Budgets(this, 'budgets', { ...shared, sleep })
    new Alarms(this, 'alarms', shared)
    new Pipelines(this, 'pipelines', shared)
    new Failures(this, 'failures', { ...shared, machines: ['roll-out', 'health', 'sleep'] })
    const { token } = new Notices(this, 'slack', shared)
    new Acts(this, 'acts', { ...shared, rollOut: machine, sleep, slack: token })
  }
}
