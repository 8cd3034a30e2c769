import { mount } from "svelte";

import "./styles/fonts.css";
import "./styles/palette.css";
import "./styles/page.css";
import App from "./App.svelte";

const target = document.getElementById("page");
if (target) mount(App, { target });
