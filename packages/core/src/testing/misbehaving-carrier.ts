import type { Carrier, CarrierRate, Label, LabelRequest, TrackingState } from '../ports/index.js'

/** `timeout-before`: no answer, and nothing was done. `timeout-after`: no answer, and it was done. `refuse`: an answer that says no. `nonsense`: no answer that means anything. */
export type CarrierMisbehaviour = 'timeout-before' | 'timeout-after' | 'refuse' | 'nonsense'

export type CarrierMethod = 'rates' | 'label' | 'voidLabel' | 'track'

/** A carrier in memory, with a world behind it that a test moves, and faults that a test asks for. */
export interface MisbehavingCarrier {
  /** To be passed to `createCommerce` in `adapters.carriers`. */
  readonly carrier: Carrier
  /** What the next calls of a method do, in order; after them it behaves. */
  next(method: CarrierMethod, ...behaviours: readonly CarrierMisbehaviour[]): void
  /** Holds all calls of a method before they have any effect, until the function that is returned is called. */
  hold(method: CarrierMethod): () => void
  /** How often a method was called. */
  calls(method: CarrierMethod): number
  /** Labels that are valid and charged for. */
  charged(): number
  /** What the label of a shipment was last asked with; undefined where none was. */
  asked(shipmentId: string): LabelRequest | undefined
  /** The parcel is somewhere else now. */
  move(trackingNumber: string, state: TrackingState): void
}

export interface MisbehavingCarrierOptions {
  /** @default 'carrier' */
  readonly id?: string | undefined
  /** What it asks for every parcel. @default 1000 for `standard` */
  readonly rates?: readonly CarrierRate[] | undefined
}

interface SoldLabel {
  readonly label: Label
  voided: boolean
}

/** A carrier that keeps the contract of `Carrier` to the letter, and fails in every way that the contract allows. */
export function createMisbehavingCarrier({
  id = 'carrier',
  rates = [{ service: 'standard', name: 'Standard', amount: 1000 }],
}: MisbehavingCarrierOptions = {}): MisbehavingCarrier {
  const sold = new Map<string, SoldLabel>()
  const asked = new Map<string, LabelRequest>()
  const parcels = new Map<string, TrackingState>()
  const queued = new Map<CarrierMethod, CarrierMisbehaviour[]>()
  const counted = new Map<CarrierMethod, number>()
  const gates = new Map<CarrierMethod, Promise<void>>()

  /** Wraps what a method does in what the test wants to go wrong with it. */
  const act = async <Answer>(method: CarrierMethod, effect: (refuses: boolean) => Answer): Promise<Answer> => {
    counted.set(method, (counted.get(method) ?? 0) + 1)
    const behaviour = queued.get(method)?.shift()
    await gates.get(method)
    if (behaviour === 'timeout-before') throw new Error(`${method} timed out`)
    const answer = effect(behaviour === 'refuse')
    if (behaviour === 'timeout-after') throw new Error(`${method} timed out`)
    // What no type lets through is what is to be tested.
    return behaviour === 'nonsense' ? ({ parcel: 'splendid' } as Answer) : answer
  }

  const sell = (request: LabelRequest): Label => {
    const known = sold.get(request.shipmentId)
    if (known) return known.label
    const number = `${id}-${sold.size + 1}`
    const label = {
      labelRef: `label-${number}`,
      trackingNumber: number,
      trackingUrl: `https://${id}.example/${number}`,
      labelUrl: `https://${id}.example/${number}.pdf`,
    }
    sold.set(request.shipmentId, { label, voided: false })
    return label
  }

  const carrier: Carrier = {
    id,
    rates: (wanted) => act('rates', (refuses) => wanted.map(() => (refuses ? [] : rates))),
    label: (request) =>
      act('label', (refuses) => {
        asked.set(request.shipmentId, request)
        return refuses ? { refused: 'there is no such street' } : sell(request)
      }),
    voidLabel: ({ shipmentId }) =>
      act('voidLabel', (refuses) => {
        const known = sold.get(shipmentId)
        if (refuses) return { voided: false, reason: 'it has been scanned' }
        if (known) known.voided = true
        return { voided: true, reason: null }
      }),
    track: (numbers) =>
      act(
        'track',
        () =>
          new Map(
            numbers.flatMap((number) => {
              const state = parcels.get(number)
              return state ? [[number, state] as const] : []
            }),
          ),
      ),
  }

  return {
    carrier,
    next: (method, ...behaviours) => void queued.set(method, [...(queued.get(method) ?? []), ...behaviours]),
    hold(method) {
      let release = (): void => {}
      gates.set(
        method,
        new Promise((resolve) => {
          release = resolve
        }),
      )
      return () => {
        gates.delete(method)
        release()
      }
    },
    calls: (method) => counted.get(method) ?? 0,
    charged: () => [...sold.values()].filter(({ voided }) => !voided).length,
    asked: (shipmentId) => asked.get(shipmentId),
    move: (trackingNumber, state) => void parcels.set(trackingNumber, state),
  }
}
