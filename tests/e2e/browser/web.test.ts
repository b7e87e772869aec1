import { browserTab } from './flows/browser-tab.ts';
import { describeApp } from './flows.ts';

describeApp('web', [browserTab]);
