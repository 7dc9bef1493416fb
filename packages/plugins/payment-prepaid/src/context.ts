import type { PluginContext } from '@entrepot/core'
import type { PrepaidEvents } from './events.js'

/** What core hands to the plugin. */
export type PrepaidContext = PluginContext<PrepaidSettings, PrepaidEvents, object>

/** The plugin's options, checked. */
export interface PrepaidSettings {
  readonly currencies?: readonly string[] | undefined
}
