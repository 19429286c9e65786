import { shortDigest } from '../../../domain/image.ts'
import type { Light, ServiceView } from '../view.ts'
import { Icon, type Shape } from './icon.tsx'

/** The services, each with three separate lights: a service that sleeps has not failed. */
export function ServicesPane({ services }: { services: ServiceView[] }) {
  return (
    <section id="services" class="pane services" aria-labelledby="services-title" tabIndex={-1}>
      <h2 id="services-title">Services</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">As asked</th>
            <th scope="col">Healthy</th>
            <th scope="col">Awake</th>
          </tr>
        </thead>
        <tbody>
          {services.map((service) => (
            <Row key={`${service.cluster}/${service.name}`} service={service} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Row({ service }: { service: ServiceView }) {
  const { name, running, tasks, alarms, asAsked, healthy, awake } = service
  return (
    <tr>
      <th scope="row" title={`${service.cluster}, team ${service.owner}, takes ${service.takes}`}>
        <span class="name">{name}</span>
        <span class="runs">
          {running === null ? (
            awake.state === 'resting' ? (
              'no tasks'
            ) : (
              'nothing yet'
            )
          ) : (
            <>
              {running.tag && <>{running.tag} </>}
              <code>{shortDigest(running.digest)}</code> {tasks.running}/{tasks.desired}
            </>
          )}
        </span>
        {alarms.map((alarm) => (
          <span key={alarm.name} class="light bad red-alarm" title={alarm.why}>
            <Icon shape="cross" tone="bad" />
            {alarm.name} is red
          </span>
        ))}
      </th>
      <td>
        <LightCell light={asAsked} />
      </td>
      <td>
        <LightCell light={healthy} />
      </td>
      <td>
        <LightCell light={awake} />
      </td>
    </tr>
  )
}

const SHAPES: Record<Light['state'], Shape> = {
  yes: 'check',
  changing: 'going',
  no: 'cross',
  resting: 'moon',
  unknown: 'none',
}
const TONES: Record<Light['state'], string> = {
  yes: 'good',
  changing: 'going',
  no: 'bad',
  resting: 'quiet',
  unknown: 'quiet',
}

function LightCell({ light: { state, says, why } }: { light: Light }) {
  return (
    <span class={`light ${TONES[state]}`} title={why}>
      <Icon shape={SHAPES[state]} tone={TONES[state]} />
      {says}
    </span>
  )
}
