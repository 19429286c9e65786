type Props = { label: string; isOn: boolean; turn(isOn: boolean): void }

/** Something that is on or off, and is so at once when it is pressed. */
export const Switch = ({ label, isOn, turn }: Props) => (
  <label class="switch">
    <input
      type="checkbox"
      role="switch"
      checked={isOn}
      aria-checked={isOn}
      onChange={({ currentTarget }) => turn(currentTarget.checked)}
    />
    <span>{label}</span>
  </label>
)
