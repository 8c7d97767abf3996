import { Component, provideZonelessChangeDetection } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { report } from './cached.js';

@Component({ selector: 'app-root', template: '<main>keepsake</main>' })
class App {
  constructor() {
    Object.assign(window, { consumer: report().then((page) => ({ page })) });
  }
}

bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] });
