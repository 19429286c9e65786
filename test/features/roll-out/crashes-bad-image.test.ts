import { diesEverywhere } from '../../kits/crashes.ts'
import { BAD } from '../../kits/roll-outs.ts'

diesEverywhere('a bad image', BAD, 60)
