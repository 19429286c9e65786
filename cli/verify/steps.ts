import { CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs'
import { configurationOf } from '../asking/configuration.ts'
import { type Pushed, pairOf } from './image.ts'
import { definitionOf, type Model, serviceOf } from './model.ts'
import { asks, hasVerdict, isTold, knows, type Proving, runs, sleeps } from './proof.ts'
import { type Image, put, upload } from './registry.ts'
import { type Made, madeDefinitions, madeImage, madeService, making } from './removal.ts'

/** What is made and proved, and where what was made is noted before it is made. */
export type Plan = { proving: Proving; model: Model; image: Image; made: Made[] }

/** One thing that is proved, in words. @returns what was seen of it. */
export type Step = { what: string; prove: () => Promise<string> }

/** Everything that is proved, in its order; each builds on those before it. */
export function stepsOf(plan: Plan): Step[] {
  const { proving, model, image } = plan
  const { name } = proving
  const { good, bad } = pairOf(image, name)
  return [
    { what: 'A service joins by its tags', prove: () => join(plan) },
    {
      what: 'A push is rolled out',
      prove: async () => {
        await push(plan, good)
        return hasVerdict(proving, good.digest, 'deployed')
      },
    },
    {
      what: 'An image that does not start is rolled back, and the one before it runs',
      prove: async () => {
        await push(plan, bad)
        const reason = await hasVerdict(proving, bad.digest, 'rolled-back')
        await runs(proving, good.digest)
        return reason
      },
    },
    {
      what: 'It sleeps when it is asked to',
      prove: async () => {
        plan.made.push(askedOf(proving))
        await asks(proving, `sleep ${name} for 1h`)
        await sleeps(proving)
        return 'no task is left'
      },
    },
    {
      what: 'It wakes with the image it had',
      prove: async () => {
        await asks(proving, `wake ${name} for 1h`)
        await runs(proving, good.digest)
        return `one task of ${model.repository}:${good.tag}`
      },
    },
    {
      what: 'Slack was told of both roll-outs',
      prove: async () => `${await isTold(proving, 2)} messages`,
    },
  ]
}

/** What was asked for would outlive the service otherwise. */
const askedOf = (proving: Proving): Made => ({
  what: `what was asked for about ${proving.name}'s sleep`,
  remove: () => asks(proving, `unkeep ${proving.name}`),
  byHand: `npx caretaker unkeep ${proving.name}`,
})

async function join({ proving, model, made }: Plan): Promise<string> {
  const { place, terminal, name, cluster } = proving
  const ecs = new ECSClient(await configurationOf(place))
  await making(made, madeDefinitions(place, name), () =>
    ecs.send(new RegisterTaskDefinitionCommand(definitionOf(model, name))),
  )
  await making(made, madeService(place, { cluster, service: name }, terminal), () =>
    ecs.send(new CreateServiceCommand(serviceOf(model, name))),
  )
  await knows(proving)
  return `${cluster}/${name}`
}

async function push({ proving, model, image, made }: Plan, pushed: Pushed): Promise<void> {
  const { place } = proving
  await upload(place, model.repository, pushed)
  const one = madeImage(place, model.repository, pushed)
  // First of all that was made, so that it goes last: the service cannot start without it.
  await making(made, one, () => put(place, model.repository, pushed, image.mediaType), 0)
}
