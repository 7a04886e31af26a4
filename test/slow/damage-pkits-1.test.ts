import { damageEveryFile } from './damage.js';

damageEveryFile('pkits', 0, 2);
