import { diesEverywhere } from '../../kits/crashes.ts'
import { GOOD } from '../../kits/roll-outs.ts'

diesEverywhere('a good image', GOOD, 40)
